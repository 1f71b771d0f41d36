package dev.thermocline.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** LangChain4j's messages as the engine's. */
final class Messages {
  private Messages() {}

  static List<dev.thermocline.models.template.ChatMessage> of(Iterable<ChatMessage> messages) {
    List<dev.thermocline.models.template.ChatMessage> all = new ArrayList<>();
    messages.forEach(message -> all.add(of(message)));
    return all;
  }

  /**
   * One message.
   *
   * @throws UnsupportedFeatureException if it holds anything but text
   */
  static dev.thermocline.models.template.ChatMessage of(ChatMessage message) {
    return switch (message) {
      case SystemMessage system ->
          dev.thermocline.models.template.ChatMessage.system(system.text());
      case UserMessage user ->
          new dev.thermocline.models.template.ChatMessage(
              "user", text(user.contents()), List.of(), null, user.name(), null);
      case AiMessage ai -> answer(ai);
      case ToolExecutionResultMessage result ->
          dev.thermocline.models.template.ChatMessage.toolResult(
              result.id(), result.toolName(), text(result.contents()));
      default ->
          throw new UnsupportedFeatureException(
              "messages of type " + message.type() + " are not supported");
    };
  }

  private static dev.thermocline.models.template.ChatMessage answer(AiMessage ai) {
    List<dev.thermocline.models.template.ChatMessage.ToolCall> calls = new ArrayList<>();
    for (ToolExecutionRequest request : ai.toolExecutionRequests()) {
      calls.add(
          new dev.thermocline.models.template.ChatMessage.ToolCall(
              request.id(), request.name(), arguments(request.arguments())));
    }
    return new dev.thermocline.models.template.ChatMessage(
        "assistant", orEmpty(ai.text()), calls, null, null, ai.thinking());
  }

  @SuppressWarnings("unchecked") // what Json reads an object into
  private static Map<String, Object> arguments(@Nullable String json) {
    return json == null || json.isBlank() ? Map.of() : Json.fromJson(json, Map.class);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String text(List<Content> contents) {
    List<String> texts = new ArrayList<>();
    for (Content content : contents) {
      if (!(content instanceof TextContent text)) {
        throw new UnsupportedFeatureException(
            "content of type "
                + content.type().name().toLowerCase(Locale.ROOT)
                + " is not supported, only text");
      }
      texts.add(text.text());
    }
    return String.join("\n", texts);
  }
}
