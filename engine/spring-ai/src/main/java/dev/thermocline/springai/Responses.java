package dev.thermocline.springai;

import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.ToolRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** What one request is answered with, as Spring AI's responses. */
final class Responses {
  private final String id = UUID.randomUUID().toString();
  private final String modelName;

  Responses(String modelName) {
    this.modelName = modelName;
  }

  /** The whole. */
  ChatResponse whole(Answer answer) {
    return last(answer, answer.text());
  }

  /** More text. */
  ChatResponse text(String text) {
    return piece(AssistantMessage.builder().content(text).build());
  }

  /** More thoughts. */
  ChatResponse thoughts(String text) {
    return piece(AssistantMessage.builder().content("").properties(reasoning(text)).build());
  }

  /** What comes after all text: calls of tools, all thoughts, why it ended, and usage. */
  ChatResponse end(Answer answer) {
    return last(answer, "");
  }

  private ChatResponse piece(AssistantMessage message) {
    ChatResponseMetadata metadata = ChatResponseMetadata.builder().id(id).model(modelName).build();
    return new ChatResponse(List.of(new Generation(message)), metadata);
  }

  private ChatResponse last(Answer answer, String text) {
    AssistantMessage message =
        AssistantMessage.builder()
            .content(text)
            .properties(reasoning(answer.reasoning()))
            .toolCalls(answer.toolRequests().stream().map(Responses::call).toList())
            .build();
    ChatGenerationMetadata ending =
        ChatGenerationMetadata.builder().finishReason(reason(answer)).build();
    ChatResponseMetadata metadata =
        ChatResponseMetadata.builder().id(id).model(modelName).usage(usage(answer)).build();
    return new ChatResponse(List.of(new Generation(message, ending)), metadata);
  }

  private static Map<String, Object> reasoning(String thoughts) {
    return thoughts.isEmpty() ? Map.of() : Map.of(Messages.REASONING, thoughts);
  }

  private static AssistantMessage.ToolCall call(ToolRequest request) {
    return new AssistantMessage.ToolCall(
        request.id(), "function", request.name(), request.arguments());
  }

  private static DefaultUsage usage(Answer answer) {
    return new DefaultUsage(
        answer.promptTokens(),
        answer.tokens(),
        answer.promptTokens() + answer.tokens(),
        answer,
        (long) answer.cachedTokens(),
        null);
  }

  private static String reason(Answer answer) {
    return switch (answer.finish()) {
      case STOP -> answer.toolRequests().isEmpty() ? "STOP" : "TOOL_CALLS";
      case LENGTH -> "LENGTH";
      case CANCELLED, FAILED -> "OTHER";
    };
  }
}
