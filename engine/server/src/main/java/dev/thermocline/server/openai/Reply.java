package dev.thermocline.server.openai;

import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.EventStream;
import dev.thermocline.server.http.Exchange;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Sends the texts of one request, as they come or together. */
final class Reply {
  private final ActiveCalls.Call call;
  private final ReplyFormat format;
  private final Supplier<ReplyParser> parsers;
  private final Supplier<Usage> usage;

  /**
   * Prepares an answer.
   *
   * @param call the texts under way
   * @param parsers gives a parser for each text
   * @param usage what the texts cost, asked for at the end
   */
  Reply(
      ActiveCalls.Call call,
      ReplyFormat format,
      Supplier<ReplyParser> parsers,
      Supplier<Usage> usage) {
    this.call = call;
    this.format = format;
    this.parsers = parsers;
    this.usage = usage;
  }

  /** Receives what a text grows by. */
  @FunctionalInterface
  private interface Sink {
    void accept(Delta delta);
  }

  /** Answers when all texts are complete. */
  void sendWhole(Exchange exchange) throws InterruptedException {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < call.runs().size(); i++) {
      answers.add(new Answer());
    }
    Together.run(
        call.runs().size(), i -> answers.get(i).finish(read(i, answers.get(i)::add)), call::cancel);
    exchange.sendJson(200, format.whole(answers, usage.get()));
  }

  /** Answers with a stream of events. */
  void stream(Exchange exchange, Duration silence, boolean withUsage) throws InterruptedException {
    try (EventStream events = new EventStream(exchange, silence)) {
      try {
        Together.run(call.runs().size(), i -> stream(events, i), call::cancel);
        if (withUsage) {
          events.send(format.usage(usage.get()));
        }
        events.sendDone();
      } catch (ApiException e) {
        if (!events.hasBegun()) {
          throw e;
        }
        events.send(e.body());
      }
    }
  }

  private void stream(EventStream events, int choice) throws InterruptedException {
    Opening opening = new Opening(events, choice);
    String reason =
        read(
            choice,
            delta -> {
              opening.send();
              events.send(format.piece(choice, delta));
            });
    opening.send();
    events.send(format.end(choice, reason));
  }

  /** The first event of a choice, sent once its first token is there. */
  private final class Opening {
    private final EventStream events;
    private final int choice;
    private boolean sent;

    private Opening(EventStream events, int choice) {
      this.events = events;
      this.choice = choice;
    }

    private void send() {
      if (!sent) {
        sent = true;
        tools.jackson.databind.node.ObjectNode opening = format.opening(choice);
        if (opening != null) {
          events.send(opening);
        }
      }
    }
  }

  /** Reads a text to its end and says why it ended. */
  private String read(int choice, Sink sink) throws InterruptedException {
    TextRun run = call.runs().get(choice);
    ReplyParser parser = parsers.get();
    for (Delta.Content piece = run.next(); piece != null; piece = run.next()) {
      parser.add(piece).forEach(sink::accept);
    }
    String reason = run.finishReason();
    if (reason == null) {
      throw cancelled();
    }
    parser.end().forEach(sink::accept);
    return parser.calledTools() && reason.equals("stop") ? "tool_calls" : reason;
  }

  private RuntimeException cancelled() {
    return switch (call.cancelReason()) {
      case STOPPING -> ApiException.unavailable(1, "stopping", "the server is stopping");
      case CLIENT_GONE -> new CloseConnectionException("the client is gone");
      case NONE -> ApiException.failed("the generation was cancelled");
    };
  }
}
