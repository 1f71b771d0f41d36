package dev.thermocline.cli.chat;

import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.api.AnswerOptions;
import java.util.List;

/** What {@code /set} changes: how answers are drawn and how long they may get. */
public final class Settings {
  static final List<String> NAMES =
      List.of("temp", "top-k", "top-p", "min-p", "repeat-penalty", "seed", "tokens");

  private SamplingParams sampling;
  private int tokens;

  /** Starts from the command's flags; {@code tokens} 0 leaves answers as long as the context. */
  public Settings(SamplingParams sampling, int tokens) {
    this.sampling = sampling;
    this.tokens = tokens;
  }

  /** For the next answer. */
  AnswerOptions options() {
    return AnswerOptions.greedy().withSampling(sampling).withMaxTokens(tokens);
  }

  /**
   * Sets one by its name.
   *
   * @throws IllegalArgumentException naming what was expected
   */
  void set(String name, String value) {
    SamplingParams.Builder changed = sampling.toBuilder();
    switch (name) {
      case "temp" -> changed.temperature(real(name, value));
      case "top-k" -> changed.topK((int) whole(name, value));
      case "top-p" -> changed.topP(real(name, value));
      case "min-p" -> changed.minP(real(name, value));
      case "repeat-penalty" -> changed.repetitionPenalty(real(name, value));
      case "seed" -> changed.seed(whole(name, value));
      case "tokens" -> tokens = Math.clamp(whole(name, value), 0, Integer.MAX_VALUE);
      default ->
          throw new IllegalArgumentException(
              "/set " + name + ": expected one of " + String.join(", ", NAMES));
    }
    sampling = changed.build();
  }

  private static float real(String name, String value) {
    try {
      return Float.parseFloat(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("/set " + name + ": expected a number, got " + value, e);
    }
  }

  private static long whole(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "/set " + name + ": expected a whole number, got " + value, e);
    }
  }

  @Override
  public String toString() {
    return "temp %s, top-k %d, top-p %s, min-p %s, repeat-penalty %s, seed %d, tokens %s"
        .formatted(
            sampling.temperature(),
            sampling.topK(),
            sampling.topP(),
            sampling.minP(),
            sampling.repetitionPenalty(),
            sampling.seed(),
            tokens == 0 ? "as many as fit" : String.valueOf(tokens));
  }
}
