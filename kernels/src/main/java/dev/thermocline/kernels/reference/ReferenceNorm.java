package dev.thermocline.kernels.reference;

import org.jspecify.annotations.Nullable;

/** Norms of one row, in double precision. */
final class ReferenceNorm {
  private ReferenceNorm() {}

  static void rms(
      float[] x, int from, int cols, float[] weight, int at, float epsilon, float[] out, int to) {
    double factor = factor(x, from, cols, 0, epsilon);
    for (int c = 0; c < cols; c++) {
      out[to + c] = (float) (x[from + c] * factor * weight[at + c]);
    }
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
      int to) {
    double sum = 0;
    for (int c = 0; c < cols; c++) {
      sum += x[from + c];
    }
    double mean = sum / cols;
    double factor = factor(x, from, cols, mean, epsilon);
    for (int c = 0; c < cols; c++) {
      double v = (x[from + c] - mean) * factor * weight[at + c];
      out[to + c] = (float) (bias == null ? v : v + bias[c]);
    }
  }

  private static double factor(float[] x, int from, int cols, double mean, float epsilon) {
    double squares = 0;
    for (int c = 0; c < cols; c++) {
      double v = x[from + c] - mean;
      squares += v * v;
    }
    return 1 / Math.sqrt(squares / cols + epsilon);
  }
}
