package dev.thermocline.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.api.PromptTooLongException;
import dev.thermocline.models.ScriptedModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.util.MimeTypeUtils;

/** The adapter, alone and under Spring AI's {@code ChatClient}, over a model with a script. */
@NullUnmarked // a response without a result fails a test all the same
class ThermoclineChatModelTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String WEATHER = "What is the weather in Munich?";

  private static LocalModel local;
  private static ThermoclineChatModel model;

  record Capital(String city) {}

  record City(String city) {}

  private static ToolCallback weather(List<String> asked) {
    return FunctionToolCallback.builder(
            "getWeather",
            (City city) -> {
              asked.add(city.city());
              return "sunny";
            })
        .description("the weather now")
        .inputType(City.class)
        .build();
  }

  @BeforeAll
  static void open(@TempDir Path folder) throws IOException {
    Path file =
        new ScriptedModel()
            .answer(
                "It is sunny in Munich.",
                "<tool_call>getWeather {\"city\": \"Munich\"}</tool_call>",
                "sunny")
            .orElse("{ \"city\": \"sunny Munich\" }")
            .answer(
                "<tool_call>{\"name\": \"getWeather\", \"arguments\":"
                    + " {\"city\": \"Munich\"}}</tool_call>",
                "tool getWeather",
                WEATHER)
            .answer("<think>\nLight scatters.\n</think>\n\nBlue.", "color of the sky")
            .answer("Your name is Ada.", "system: Be kind.", "user: I am Ada", "assistant: Hello")
            .answer("The capital of Germany is Berlin.", "capital of Germany")
            .orElse("{\"city\": \"Berlin\"}")
            .answer("That is more than I know.")
            .write(folder);
    EngineOptions options =
        EngineOptions.defaults().withThreads(1).withSequences(2).withDevice(DeviceMode.CPU);
    local = LocalModel.open(file, options);
    model =
        new ThermoclineChatModel(
            local, AnswerOptions.greedy(), ThermoclineChatOptions.builder().maxTokens(50).build());
  }

  @AfterAll
  static void close() {
    local.close();
  }

  private static Generation last(List<ChatResponse> responses) {
    return responses.getLast().getResult();
  }

  private static String text(List<ChatResponse> responses) {
    StringBuilder text = new StringBuilder();
    responses.forEach(response -> text.append(response.getResult().getOutput().getText()));
    return text.toString();
  }

  @Test
  void answersWithUsageAndFinishReason() {
    ChatResponse response = model.call(new Prompt("What is the capital of Germany?"));
    assertEquals("The capital of Germany is Berlin.", response.getResult().getOutput().getText());
    assertEquals("STOP", response.getResult().getMetadata().getFinishReason());
    assertEquals("scripted", response.getMetadata().getModel());
    assertFalse(response.getMetadata().getId().isBlank());
    Answer answer =
        assertInstanceOf(Answer.class, response.getMetadata().getUsage().getNativeUsage());
    assertEquals(answer.promptTokens(), response.getMetadata().getUsage().getPromptTokens());
    assertEquals(answer.tokens(), response.getMetadata().getUsage().getCompletionTokens());
  }

  @Test
  void seesTheWholeConversation() {
    Prompt prompt =
        new Prompt(
            List.of(
                new SystemMessage("Be kind."),
                new UserMessage("I am Ada"),
                new AssistantMessage("Hello"),
                new UserMessage("Who am I?")));
    assertEquals("Your name is Ada.", model.call(prompt).getResult().getOutput().getText());
  }

  @Test
  void mapsOptions() {
    ChatOptions short3 = ChatOptions.builder().maxTokens(3).temperature(0.3).topK(5).build();
    ChatResponse cut = model.call(new Prompt("capital of Germany", short3));
    assertEquals("LENGTH", cut.getResult().getMetadata().getFinishReason());
    assertEquals(3, cut.getMetadata().getUsage().getCompletionTokens());
    ChatOptions stop = ChatOptions.builder().stopSequences(List.of(" of Germany")).build();
    ChatResponse stopped = model.call(new Prompt("capital of Germany", stop));
    assertEquals("The capital", stopped.getResult().getOutput().getText());
    ChatOptions hot = ChatOptions.builder().temperature(-1.0).build();
    assertThrows(IllegalArgumentException.class, () -> model.call(new Prompt("x", hot)));
    ChatOptions other = ChatOptions.builder().model("other").build();
    assertThrows(IllegalArgumentException.class, () -> model.call(new Prompt("x", other)));
    ChatOptions same = ChatOptions.builder().model("scripted").build();
    assertFalse(model.call(new Prompt("x", same)).getResults().isEmpty());
  }

  @Test
  void streams() {
    List<ChatResponse> all =
        model.stream(new Prompt("capital of Germany")).collectList().block(PATIENCE);
    assertTrue(all.size() > 3, all.toString());
    assertEquals("The capital of Germany is Berlin.", text(all));
    assertEquals("STOP", last(all).getMetadata().getFinishReason());
    assertTrue(all.getLast().getMetadata().getUsage().getCompletionTokens() > 3);
    assertEquals(1, all.stream().map(r -> r.getMetadata().getId()).distinct().count());
    List<ChatResponse> two =
        model.stream(new Prompt("capital of Germany")).take(2).collectList().block(PATIENCE);
    assertEquals(2, two.size());
    assertThrows(
        PromptTooLongException.class,
        () -> model.stream(new Prompt("x".repeat(local.context()))).blockLast(PATIENCE));
  }

  @Test
  void tellsThoughts() {
    Prompt prompt = new Prompt("color of the sky");
    AssistantMessage whole = model.call(prompt).getResult().getOutput();
    assertEquals("Blue.", whole.getText());
    assertEquals("Light scatters.", whole.getMetadata().get("reasoningContent"));
    List<ChatResponse> all = model.stream(prompt).collectList().block(PATIENCE);
    assertEquals("Blue.", text(all));
    assertEquals("Light scatters.", last(all).getOutput().getMetadata().get("reasoningContent"));
    Prompt next =
        new Prompt(List.of(new UserMessage("color of the sky"), whole, new UserMessage("Thanks")));
    assertEquals("Blue.", model.call(next).getResult().getOutput().getText());
  }

  @Test
  void asksForToolsAndLeavesThemToTheCaller() {
    List<String> asked = new ArrayList<>();
    ToolCallback tool = weather(asked);
    Prompt prompt =
        new Prompt(WEATHER, ThermoclineChatOptions.builder().toolCallbacks(tool).build());
    ChatResponse response = model.call(prompt);
    assertEquals("TOOL_CALLS", response.getResult().getMetadata().getFinishReason());
    AssistantMessage.ToolCall call = response.getResult().getOutput().getToolCalls().getFirst();
    assertEquals("getWeather", call.name());
    assertEquals("{\"city\": \"Munich\"}", call.arguments());
    List<ChatResponse> all = model.stream(prompt).collectList().block(PATIENCE);
    assertTrue(last(all).getOutput().hasToolCalls());
    assertEquals(List.of(), asked);
  }

  @Test
  void aClientCallsTools() {
    List<String> asked = new ArrayList<>();
    ChatClient client = ChatClient.create(model);
    assertEquals(
        "It is sunny in Munich.", client.prompt(WEATHER).tools(weather(asked)).call().content());
    assertEquals(
        "It is sunny in Munich.",
        String.join(
            "",
            client.prompt(WEATHER).tools(weather(asked)).stream()
                .content()
                .collectList()
                .block(PATIENCE)));
    assertEquals(List.of("Munich", "Munich"), asked);
  }

  @Test
  void aClientGetsRecords() {
    ChatClient client = ChatClient.create(model);
    Capital capital =
        client
            .prompt("What is the capital of Germany?")
            .call()
            .entity(Capital.class, spec -> spec.useProviderStructuredOutput());
    assertEquals(new Capital("Berlin"), capital);
    List<String> asked = new ArrayList<>();
    Capital afterCall =
        client
            .prompt(WEATHER)
            .tools(weather(asked))
            .call()
            .entity(Capital.class, spec -> spec.useProviderStructuredOutput());
    assertEquals(new Capital("sunny Munich"), afterCall);
    assertEquals(List.of("Munich"), asked);
  }

  @Test
  void refusesMedia() {
    UserMessage image =
        UserMessage.builder()
            .text("What is this?")
            .media(new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/cat.png")))
            .build();
    assertThrows(IllegalArgumentException.class, () -> model.call(new Prompt(image)));
  }

  @Test
  void optionsCombine() {
    ThermoclineChatOptions own =
        ThermoclineChatOptions.builder().temperature(0.5).outputSchema("{}").build();
    assertEquals(own, own.mutate().build());
    assertEquals(own.hashCode(), own.mutate().build().hashCode());
    assertFalse(own.equals(own.mutate().outputSchema(null).build()));
    ThermoclineChatOptions combined =
        ThermoclineChatOptions.builder().maxTokens(7).combineWith(own.mutate()).build();
    assertEquals("{}", combined.getOutputSchema());
    assertEquals(7, combined.getMaxTokens());
    assertEquals(0.5, combined.getTemperature());
    assertEquals(50, model.getOptions().getMaxTokens());
  }
}
