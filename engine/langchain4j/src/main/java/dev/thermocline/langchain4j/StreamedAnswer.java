package dev.thermocline.langchain4j;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteToolCall;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialThinking;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialToolCall;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.tools.OutputPart;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads an answer and tells a handler of it. */
final class StreamedAnswer implements Runnable, StreamingHandle {
  private final Supplier<AnswerStream> start;
  private final StreamingChatResponseHandler handler;
  private final String modelName;
  private volatile boolean cancelled;
  private volatile @Nullable AnswerStream stream;
  private @Nullable StreamedCall call;

  StreamedAnswer(
      Supplier<AnswerStream> start, StreamingChatResponseHandler handler, String modelName) {
    this.start = start;
    this.handler = handler;
    this.modelName = modelName;
  }

  @Override
  public void cancel() {
    cancelled = true;
    AnswerStream running = stream;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void run() {
    Answer answer;
    try (AnswerStream begun = start.get()) {
      stream = begun;
      while (!cancelled && begun.hasNext()) {
        tell(begun.next());
      }
      answer = begun.answer();
    } catch (RuntimeException failure) {
      withLoggingExceptions(() -> handler.onError(Failures.of(failure)));
      return;
    }
    // Nothing is heard after a cancellation.
    if (!cancelled) {
      finish(answer);
    }
  }

  private void tell(OutputPart part) {
    switch (part) {
      case OutputPart.Content content -> {
        completeCall();
        onPartialResponse(handler, content.text(), this);
      }
      case OutputPart.Reasoning thought -> {
        completeCall();
        onPartialThinking(handler, thought.text(), this);
      }
      case OutputPart.CallStart begun -> {
        completeCall();
        call = new StreamedCall(begun);
      }
      case OutputPart.CallArguments more -> tellArguments(more.json());
    }
  }

  private void tellArguments(String json) {
    PartialToolCall piece = call == null ? null : call.add(json);
    if (piece != null) {
      onPartialToolCall(handler, piece, this);
    }
  }

  /** Where something else follows, a call is whole. */
  private void completeCall() {
    StreamedCall whole = call;
    call = null;
    if (whole != null) {
      onCompleteToolCall(handler, whole.complete());
    }
  }

  private void finish(Answer answer) {
    StreamedCall last = call;
    // The token limit may have cut it off.
    if (last != null && answer.toolRequests().stream().anyMatch(r -> r.id().equals(last.id()))) {
      completeCall();
    }
    onCompleteResponse(handler, Responses.of(answer, modelName));
  }
}
