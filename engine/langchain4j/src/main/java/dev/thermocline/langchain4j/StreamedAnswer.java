package dev.thermocline.langchain4j;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteToolCall;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialThinking;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.tools.OutputPart;

/** Reads an answer and tells a handler of it. Calls of tools are told when they are complete. */
final class StreamedAnswer implements Runnable, StreamingHandle {
  private final AnswerStream stream;
  private final StreamingChatResponseHandler handler;
  private volatile boolean cancelled;

  StreamedAnswer(AnswerStream stream, StreamingChatResponseHandler handler) {
    this.stream = stream;
    this.handler = handler;
  }

  @Override
  public void cancel() {
    cancelled = true;
    stream.cancel();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void run() {
    Answer answer;
    try (stream) {
      while (!cancelled && stream.hasNext()) {
        tell(stream.next());
      }
      answer = stream.answer();
    } catch (RuntimeException failure) {
      withLoggingExceptions(() -> handler.onError(failure));
      return;
    }
    // Nothing is heard after a cancellation.
    if (!cancelled && answer.finish() != FinishReason.CANCELLED) {
      finish(answer);
    }
  }

  private void tell(OutputPart part) {
    switch (part) {
      case OutputPart.Content content -> onPartialResponse(handler, content.text(), this);
      case OutputPart.Reasoning thought -> onPartialThinking(handler, thought.text(), this);
      case OutputPart.CallStart start -> {}
      case OutputPart.CallArguments more -> {}
    }
  }

  private void finish(Answer answer) {
    for (int i = 0; i < answer.toolRequests().size(); i++) {
      onCompleteToolCall(
          handler, new CompleteToolCall(i, Responses.request(answer.toolRequests().get(i))));
    }
    onCompleteResponse(handler, Responses.of(answer));
  }
}
