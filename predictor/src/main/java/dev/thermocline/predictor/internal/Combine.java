package dev.thermocline.predictor.internal;

/**
 * Sums of scaled rows, the one shape that all products of training take. Plain loops over whole
 * arrays with the same index everywhere, which C2 turns into vector code.
 */
public final class Combine {
  private Combine() {}

  /** {@code out[j] += sum over k below count of factors[k] * rows[k][j]}, j below n. */
  public static void add(float[] out, int n, float[] factors, float[][] rows, int count) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      float a0 = factors[k];
      float a1 = factors[k + 1];
      float a2 = factors[k + 2];
      float a3 = factors[k + 3];
      // Whole groups are zero often enough after a ReLU, or where the loss is flat.
      if (a0 != 0 || a1 != 0 || a2 != 0 || a3 != 0) {
        four(out, n, a0, rows[k], a1, rows[k + 1], a2, rows[k + 2], a3, rows[k + 3]);
      }
    }
    for (; k < count; k++) {
      if (factors[k] != 0) {
        one(out, n, factors[k], rows[k]);
      }
    }
  }

  private static void four(
      float[] out,
      int n,
      float a0,
      float[] r0,
      float a1,
      float[] r1,
      float a2,
      float[] r2,
      float a3,
      float[] r3) {
    for (int j = 0; j < n; j++) {
      out[j] += a0 * r0[j] + a1 * r1[j] + (a2 * r2[j] + a3 * r3[j]);
    }
  }

  /** {@code out[j] += factor * row[j]}, j below n. */
  public static void one(float[] out, int n, float factor, float[] row) {
    for (int j = 0; j < n; j++) {
      out[j] += factor * row[j];
    }
  }
}
