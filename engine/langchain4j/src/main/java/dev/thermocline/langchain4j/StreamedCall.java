package dev.thermocline.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.thermocline.engine.tools.OutputPart;
import org.jspecify.annotations.Nullable;

/** A tool call under way. */
final class StreamedCall {
  private final OutputPart.CallStart start;
  private final StringBuilder arguments = new StringBuilder();
  private int told;

  StreamedCall(OutputPart.CallStart start) {
    this.start = start;
  }

  String id() {
    return start.id();
  }

  /** What a handler is told of more arguments: nothing yet of white space alone. */
  @Nullable PartialToolCall add(String json) {
    arguments.append(json);
    String piece = arguments.substring(told);
    if (piece.isBlank()) {
      return null;
    }
    told = arguments.length();
    return PartialToolCall.builder()
        .index(start.index())
        .id(start.id())
        .name(start.name())
        .partialArguments(piece)
        .build();
  }

  CompleteToolCall complete() {
    ToolExecutionRequest request =
        ToolExecutionRequest.builder()
            .id(start.id())
            .name(start.name())
            .arguments(arguments.toString())
            .build();
    return new CompleteToolCall(start.index(), request);
  }
}
