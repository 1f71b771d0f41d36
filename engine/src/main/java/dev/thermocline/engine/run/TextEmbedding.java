package dev.thermocline.engine.run;

import dev.thermocline.models.Model;

/** The vector of a text: its hidden states after the final norm, pooled, of length 1. */
public final class TextEmbedding {
  private final double[] sum;
  private final TextPass pass;

  /** Prepares the vector of a text, which {@link #step} computes a batch at a time. */
  public TextEmbedding(Model model, int maxBatch, int[] tokens) {
    Pooling pooling = Pooling.of(model.gguf().metadata(), model.config().architecture());
    sum = new double[model.config().nEmbd()];
    pass =
        TextPass.normed(
            maxBatch,
            tokens,
            (position, values, offset) -> {
              if (counts(pooling, position, tokens.length)) {
                for (int i = 0; i < sum.length; i++) {
                  sum[i] += values[offset + i];
                }
              }
            });
  }

  /** As {@link TextPass#step}. */
  public boolean step(RunnerSource source, int[] pages, int most) {
    return pass.step(source, pages, most);
  }

  /** The vector {@code [n_embd]}, once the last step is done. */
  public float[] vector() {
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
