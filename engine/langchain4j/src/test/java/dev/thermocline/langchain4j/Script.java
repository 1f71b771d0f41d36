package dev.thermocline.langchain4j;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.models.ScriptedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A model that knows what LangChain4j's shared tests ask of it and nothing else. It answers as they
 * want only if everything of the conversation has reached its chat template: system texts, earlier
 * messages, tools, calls and their results.
 */
final class Script {
  private static final String WEATHER =
      "<tool_call>{\"name\": \"getWeather\", \"arguments\": {\"city\": \"Munich\"}}</tool_call>";
  private static final String WEATHER_CALLED =
      "<tool_call>getWeather {\"city\": \"Munich\"}</tool_call>";
  private static final String TIME =
      "<tool_call>{\"name\": \"getTime\", \"arguments\": {\"country\": \"France\"}}</tool_call>";
  private static final String NOW =
      "<tool_call>{\"name\": \"get_current_time\", \"arguments\": {}}</tool_call>";

  private Script() {}

  static LocalModel open(Path folder, int context) {
    try {
      EngineOptions options =
          EngineOptions.defaults()
              .withThreads(1)
              .withSequences(2)
              .withDevice(DeviceMode.CPU)
              .withContext(context);
      return LocalModel.open(model().write(folder), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ScriptedModel model() {
    return new ScriptedModel()
        .answer("Sunny in Munich, 14:35 in France.", WEATHER_CALLED, "tool: sunny", "tool: 14:35")
        .answer("It is sunny in Munich.", WEATHER_CALLED, "tool: sunny")
        .orElse("{\"weather\": \"sunny\"}")
        .answer("It is 10:14 now.", "<tool_call>get_current_time {}</tool_call>", "tool: 10:14")
        .answer(WEATHER + "\n" + TIME, "tool getTime", "weather in Munich and time in France")
        .answer(WEATHER, "tool getWeather", "What is the weather in Munich?")
        .answer(WEATHER, "tool getWeather", "I live in Munich")
        .answer(NOW, "tool get_current_time", "What is the time now?")
        .answer("Berlin is the capital of Germany and 2 + 2 is 4.", "Germany? How much is 2 + 2?")
        .answer("The capital of Germany is Berlin.", "user: What is the capital of Germany?")
        .orElse("{\"city\": \"Berlin\"}")
        .answer("Ich liebe dich.", "system: Translate messages from user into German", "I love you")
        .answer(
            "Your favorite color is green.",
            "user: Hi, my favorite color is green",
            "assistant: Hi, nice to meet you",
            "user: What is my favorite color?")
        .answer("Hello World and all who are in it.", "Hello World")
        .answer("A fox met a bear who knew a frog that could sing songs.", "a long story")
        .answer("<think>\nLight scatters.\n</think>\n\nBlue.", "color of the sky", "think")
        .answer("I have never heard of that before.");
  }
}
