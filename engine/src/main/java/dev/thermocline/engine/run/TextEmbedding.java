package dev.thermocline.engine.run;

import dev.thermocline.models.Model;

/** The vector of a text: its hidden states after the final norm, pooled, of length 1. */
public final class TextEmbedding {
  private TextEmbedding() {}

  /**
   * Computes a vector {@code [n_embd]}.
   *
   * @param pages as many as {@link Logits#pages} says, which nothing else uses
   */
  public static float[] compute(
      Model model, RunnerSource source, int maxBatch, int[] tokens, int[] pages) {
    Pooling pooling = Pooling.of(model.gguf().metadata(), model.config().architecture());
    double[] sum = new double[model.config().nEmbd()];
    Logits.compute(
        source,
        maxBatch,
        tokens,
        pages,
        ModelRunner::normed,
        (position, values, offset) -> {
          if (counts(pooling, position, tokens.length)) {
            for (int i = 0; i < sum.length; i++) {
              sum[i] += values[offset + i];
            }
          }
        });
    return unit(sum);
  }

  private static boolean counts(Pooling pooling, int position, int length) {
    return switch (pooling) {
      case MEAN -> true;
      case FIRST -> position == 0;
      case LAST -> position == length - 1;
    };
  }

  /** A sum and a mean have the same direction. */
  private static float[] unit(double[] vector) {
    double squares = 0;
    for (double x : vector) {
      squares += x * x;
    }
    double norm = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = norm > 0 ? (float) (vector[i] / norm) : 0;
    }
    return unit;
  }
}
