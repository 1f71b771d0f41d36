package dev.thermocline.engine.hybrid;

import java.util.OptionalDouble;

/**
 * How a layer's guesses compare with the truth, over the tokens that {@link ShadowCheck} looked at.
 * Recall and predicted share only mean something together: whoever keeps all neurons finds all of
 * the active ones.
 *
 * @param tokens looked at
 * @param neurons looked at, over all of these tokens
 * @param active of those, neurons that a dense computation would have added to the output
 * @param predicted neurons that the selector kept
 * @param found neurons that are both
 */
public record PredictorCheck(long tokens, long neurons, long active, long predicted, long found) {
  /** Nothing was looked at, as where nothing is guessed. */
  public static final PredictorCheck NONE = new PredictorCheck(0, 0, 0, 0, 0);

  /** Share of the active neurons that were kept; empty where none was active. */
  public OptionalDouble recall() {
    return share(found, active);
  }

  /** Share of neurons that were kept. */
  public OptionalDouble predictedShare() {
    return share(predicted, neurons);
  }

  /** Share of neurons that are active. */
  public OptionalDouble trueShare() {
    return share(active, neurons);
  }

  private static OptionalDouble share(long part, long whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }

  /** Two together, as of the experts of a layer or of all layers. */
  public PredictorCheck plus(PredictorCheck other) {
    return new PredictorCheck(
        tokens + other.tokens,
        neurons + other.neurons,
        active + other.active,
        predicted + other.predicted,
        found + other.found);
  }

  PredictorCheck since(PredictorCheck earlier) {
    return new PredictorCheck(
        tokens - earlier.tokens,
        neurons - earlier.neurons,
        active - earlier.active,
        predicted - earlier.predicted,
        found - earlier.found);
  }
}
