package dev.thermocline.engine.api;

import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.schema.JsonReader;
import dev.thermocline.engine.constrain.schema.JsonValue;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.engine.tools.OutputParser;
import dev.thermocline.engine.tools.OutputPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One generation under way: its parts as they come, and all of them at the end. One thread. */
final class AnswerRun {
  private final Generation generation;
  private final TextStream stream;
  private final OutputParser parser;
  private final LongAdder counter;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();

  /** A call as far as it is known. */
  private record Call(String id, String name, StringBuilder arguments) {}

  /**
   * Reads a generation.
   *
   * @param counter of tokens
   */
  AnswerRun(Generation generation, TextStream stream, OutputParser parser, LongAdder counter) {
    this.generation = generation;
    this.stream = stream;
    this.parser = parser;
    this.counter = counter;
  }

  /** The next parts, at least one; null at the end. */
  @Nullable List<OutputPart> next() throws InterruptedException {
    while (true) {
      int before = stream.tokens();
      String piece = stream.next();
      counter.add(stream.tokens() - before);
      List<OutputPart> parts = piece == null ? parser.finish() : parser.accept(piece);
      parts.forEach(this::collect);
      if (!parts.isEmpty()) {
        return parts;
      }
      if (piece == null) {
        return null;
      }
    }
  }

  private void collect(OutputPart part) {
    switch (part) {
      case OutputPart.Content content -> text.append(content.text());
      case OutputPart.Reasoning thought -> reasoning.append(thought.text());
      case OutputPart.CallStart start ->
          calls.add(new Call(start.id(), start.name(), new StringBuilder()));
      case OutputPart.CallArguments more -> calls.get(more.index()).arguments().append(more.json());
    }
  }

  /** May be called by any thread. */
  void cancel() {
    generation.cancel();
  }

  /** The whole, once {@link #next} has said that it is all there. */
  Answer answer() {
    return new Answer(
        text.toString(),
        reasoning.toString(),
        requests(),
        finish(),
        generation.promptTokens(),
        generation.cachedTokens(),
        stream.tokens(),
        Duration.ofNanos(generation.firstTokenNanos()),
        Duration.ofNanos(generation.elapsedNanos()));
  }

  private FinishReason finish() {
    FinishReason reason = generation.finish();
    return stream.stopped() || reason == null ? FinishReason.STOP : reason;
  }

  private List<ToolRequest> requests() {
    List<ToolRequest> whole = new ArrayList<>();
    for (Call call : calls) {
      String arguments = call.arguments().toString();
      if (isObject(arguments)) {
        whole.add(new ToolRequest(call.id(), call.name(), arguments));
      }
    }
    return whole;
  }

  private static boolean isObject(String json) {
    try {
      return JsonReader.read("arguments", json) instanceof JsonValue.JsonObject;
    } catch (ConstraintException cutOff) {
      return false;
    }
  }
}
