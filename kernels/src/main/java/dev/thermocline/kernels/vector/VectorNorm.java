package dev.thermocline.kernels.vector;

import org.jspecify.annotations.Nullable;

/** Norms of one row; {@code lanes} is memory for a vector. */
final class VectorNorm {
  private VectorNorm() {}

  static void rms(
      float[] x,
      int from,
      int cols,
      float[] weight,
      int at,
      float epsilon,
      float[] out,
      int to,
      float[] lanes) {
    float squares = VectorMath.squares(x, from, cols, 0f, lanes);
    float factor = (float) (1 / Math.sqrt(squares / cols + epsilon));
    scale(x, from, 0f, factor, weight, at, null, out, to, cols);
  }

  static void layer(
      float[] x,
      int from,
      int cols,
      float[] weight,
      int at,
      float @Nullable [] bias,
      float epsilon,
      float[] out,
      int to,
      float[] lanes) {
    float mean = VectorMath.sum(x, from, cols, lanes) / cols;
    float squares = VectorMath.squares(x, from, cols, mean, lanes);
    float factor = (float) (1 / Math.sqrt(squares / cols + epsilon));
    scale(x, from, mean, factor, weight, at, bias, out, to, cols);
  }

  /** {@code out = (x - mean) * factor * weight + bias}: a plain loop, which C2 vectorizes. */
  private static void scale(
      float[] x,
      int from,
      float mean,
      float factor,
      float[] weight,
      int at,
      float @Nullable [] bias,
      float[] out,
      int to,
      int cols) {
    for (int c = 0; c < cols; c++) {
      out[to + c] = (x[from + c] - mean) * factor * weight[at + c];
    }
    if (bias != null) {
      for (int c = 0; c < cols; c++) {
        out[to + c] += bias[c];
      }
    }
  }
}
