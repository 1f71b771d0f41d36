package dev.thermocline.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.ToolRequest;
import java.util.List;
import java.util.UUID;

/** The engine's answers as LangChain4j's. */
final class Responses {
  private Responses() {}

  static ChatResponse of(Answer answer, String modelName) {
    List<ToolExecutionRequest> requests =
        answer.toolRequests().stream().map(Responses::request).toList();
    AiMessage.Builder message = AiMessage.builder().toolExecutionRequests(requests);
    if (!answer.text().isEmpty() || requests.isEmpty()) {
      message.text(answer.text());
    }
    if (!answer.reasoning().isEmpty()) {
      message.thinking(answer.reasoning());
    }
    return ChatResponse.builder()
        .aiMessage(message.build())
        .id(UUID.randomUUID().toString())
        .modelName(modelName)
        .tokenUsage(new TokenUsage(answer.promptTokens(), answer.tokens()))
        .finishReason(reason(answer))
        .build();
  }

  private static ToolExecutionRequest request(ToolRequest request) {
    return ToolExecutionRequest.builder()
        .id(request.id())
        .name(request.name())
        .arguments(request.arguments())
        .build();
  }

  private static FinishReason reason(Answer answer) {
    return switch (answer.finish()) {
      case STOP ->
          answer.toolRequests().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION;
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED, FAILED -> FinishReason.OTHER;
    };
  }
}
