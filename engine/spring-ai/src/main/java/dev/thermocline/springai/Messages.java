package dev.thermocline.springai;

import dev.thermocline.engine.tools.PlainJson;
import dev.thermocline.models.template.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.content.MediaContent;

/** Spring AI's messages as the engine's. */
final class Messages {
  /** Where a message's thoughts are kept, as Spring AI's other models do. */
  static final String REASONING = "reasoningContent";

  private Messages() {}

  static List<ChatMessage> of(List<Message> messages) {
    List<ChatMessage> all = new ArrayList<>();
    for (Message message : messages) {
      add(message, all);
    }
    return all;
  }

  private static void add(Message message, List<ChatMessage> all) {
    if (message instanceof MediaContent content && !content.getMedia().isEmpty()) {
      throw new IllegalArgumentException("media: expected text alone, got " + content.getMedia());
    }
    switch (message) {
      case AssistantMessage answer -> all.add(answer(answer));
      case ToolResponseMessage results ->
          results
              .getResponses()
              .forEach(result ->
                  all.add(
                      ChatMessage.toolResult(result.id(), result.name(), result.responseData())));
      default ->
          all.add(ChatMessage.of(message.getMessageType().getValue(), orEmpty(message.getText())));
    }
  }

  private static ChatMessage answer(AssistantMessage answer) {
    List<ChatMessage.ToolCall> calls = new ArrayList<>();
    for (AssistantMessage.ToolCall call : answer.getToolCalls()) {
      String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
      calls.add(new ChatMessage.ToolCall(call.id(), call.name(), PlainJson.object(arguments)));
    }
    Object thoughts = answer.getMetadata().get(REASONING);
    return new ChatMessage(
        "assistant",
        orEmpty(answer.getText()),
        calls,
        null,
        null,
        thoughts == null ? null : thoughts.toString());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
