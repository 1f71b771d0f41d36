package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.models.Admission;
import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs the texts of a request and sends them. */
final class TextCalls {
  private final Serving serving;

  TextCalls(Serving serving) {
    this.serving = serving;
  }

  /**
   * What is to be generated.
   *
   * @param requests one for each choice
   * @param promptTokens of all different prompts together
   * @param tokenizer that decodes the texts
   * @param continuation whether the texts go on from their prompts without a break
   * @param parsers gives a parser for each text
   */
  record Work(
      List<GenerationRequest> requests,
      int promptTokens,
      Tokenizer tokenizer,
      boolean continuation,
      Supplier<ReplyParser> parsers) {
    Work {
      requests = List.copyOf(requests);
    }
  }

  /**
   * Answers a request.
   *
   * @throws ApiException if too much waits already, or the engine fails before anything was sent
   */
  void answer(
      Exchange exchange, ServedModel model, Work work, CallOptions options, ReplyFormat format)
      throws InterruptedException {
    Admission.Ticket ticket = model.admission().admit(work.requests().size());
    try (ActiveCalls.Call call = begin(model, work, ticket)) {
      exchange.onGone(() -> call.cancel(ActiveCalls.CancelReason.CLIENT_GONE));
      // After it is registered: whoever stops the server either sees the call or is seen here.
      serving.calls().checkOpen();
      Reply reply = new Reply(call, format, work.parsers(), () -> usage(call, work));
      if (options.stream()) {
        reply.stream(exchange, serving.pingInterval(), options.usage());
      } else {
        reply.sendWhole(exchange);
      }
    }
  }

  private ActiveCalls.Call begin(ServedModel model, Work work, Admission.Ticket ticket) {
    List<TextRun> runs = new ArrayList<>();
    try {
      for (GenerationRequest request : work.requests()) {
        runs.add(
            new TextRun(
                model, work.tokenizer(), request, work.continuation(), serving.metrics().run()));
      }
    } catch (RuntimeException e) {
      runs.forEach(TextRun::cancel);
      ticket.close();
      throw e;
    }
    return serving.calls().begin(runs, ticket);
  }

  private Usage usage(ActiveCalls.Call call, Work work) {
    int completion = call.runs().stream().mapToInt(TextRun::tokens).sum();
    int cached = call.runs().getFirst().cachedTokens();
    serving.metrics().prompt(work.promptTokens(), cached);
    return new Usage(work.promptTokens(), cached, completion);
  }
}
