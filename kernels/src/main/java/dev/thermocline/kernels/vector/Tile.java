package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * Products of four decoded rows with one or two activation rows. Every element of the result is
 * summed in the same order whichever tile it is in, so that a token's result does not depend on its
 * batch.
 */
final class Tile {
  /** Rows of a tile. */
  static final int ROWS = 4;

  private Tile() {}

  /**
   * {@code out[o + r * rowStep + t * tokenStep] = w[r] . x[t]} for four rows and two tokens.
   *
   * @param scratch holds the decoded rows {@code [4][cols]}
   * @param x0 offset of the first token's row in {@code x}
   * @param x1 offset of the second's
   */
  static void four2(
      TileScratch scratch,
      int cols,
      float[] x,
      int x0,
      int x1,
      float[] out,
      int o,
      int rowStep,
      int tokenStep) {
    float[] w = scratch.rows();
    float[] lanes = scratch.lanes();
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    int c = 0;
    for (; c <= cols - L; c += L) {
      FloatVector a = FloatVector.fromArray(F, x, x0 + c);
      FloatVector b = FloatVector.fromArray(F, x, x1 + c);
      FloatVector row = FloatVector.fromArray(F, w, c);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      row = FloatVector.fromArray(F, w, cols + c);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      row = FloatVector.fromArray(F, w, 2 * cols + c);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      row = FloatVector.fromArray(F, w, 3 * cols + c);
      a3 = row.fma(a, a3);
      b3 = row.fma(b, b3);
    }
    a0.intoArray(lanes, 0);
    a1.intoArray(lanes, L);
    a2.intoArray(lanes, 2 * L);
    a3.intoArray(lanes, 3 * L);
    b0.intoArray(lanes, 4 * L);
    b1.intoArray(lanes, 5 * L);
    b2.intoArray(lanes, 6 * L);
    b3.intoArray(lanes, 7 * L);
    for (int r = 0; r < ROWS; r++) {
      float first = Lanes.fold(lanes, r * L);
      float second = Lanes.fold(lanes, (ROWS + r) * L);
      out[o + r * rowStep] = tail(first, w, r * cols, x, x0, c, cols);
      out[o + r * rowStep + tokenStep] = tail(second, w, r * cols, x, x1, c, cols);
    }
  }

  /** {@code out[o + r * rowStep] = w[r] . x} for four rows. */
  static void four1(
      TileScratch scratch, int cols, float[] x, int x0, float[] out, int o, int rowStep) {
    float[] w = scratch.rows();
    float[] lanes = scratch.lanes();
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int c = 0;
    for (; c <= cols - L; c += L) {
      FloatVector a = FloatVector.fromArray(F, x, x0 + c);
      a0 = FloatVector.fromArray(F, w, c).fma(a, a0);
      a1 = FloatVector.fromArray(F, w, cols + c).fma(a, a1);
      a2 = FloatVector.fromArray(F, w, 2 * cols + c).fma(a, a2);
      a3 = FloatVector.fromArray(F, w, 3 * cols + c).fma(a, a3);
    }
    a0.intoArray(lanes, 0);
    a1.intoArray(lanes, L);
    a2.intoArray(lanes, 2 * L);
    a3.intoArray(lanes, 3 * L);
    for (int r = 0; r < ROWS; r++) {
      out[o + r * rowStep] = tail(Lanes.fold(lanes, r * L), w, r * cols, x, x0, c, cols);
    }
  }

  private static float tail(float sum, float[] w, int row, float[] x, int at, int from, int cols) {
    float result = sum;
    for (int c = from; c < cols; c++) {
      result = Math.fma(w[row + c], x[at + c], result);
    }
    return result;
  }

  /**
   * {@code y[o + i] += h[0] * w[0][i], then h[1] * w[1][i]} and so on, for four decoded rows of
   * {@code stride} floats.
   */
  static void axpy4(
      float[] w, int stride, int count, float[] h, int at, int step, float[] y, int o) {
    FloatVector h0 = FloatVector.broadcast(F, h[at]);
    FloatVector h1 = FloatVector.broadcast(F, h[at + step]);
    FloatVector h2 = FloatVector.broadcast(F, h[at + 2 * step]);
    FloatVector h3 = FloatVector.broadcast(F, h[at + 3 * step]);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector sum = FloatVector.fromArray(F, w, i).fma(h0, FloatVector.fromArray(F, y, o + i));
      sum = FloatVector.fromArray(F, w, stride + i).fma(h1, sum);
      sum = FloatVector.fromArray(F, w, 2 * stride + i).fma(h2, sum);
      FloatVector.fromArray(F, w, 3 * stride + i).fma(h3, sum).intoArray(y, o + i);
    }
    for (; i < count; i++) {
      float sum = Math.fma(w[i], h[at], y[o + i]);
      sum = Math.fma(w[stride + i], h[at + step], sum);
      sum = Math.fma(w[2 * stride + i], h[at + 2 * step], sum);
      y[o + i] = Math.fma(w[3 * stride + i], h[at + 3 * step], sum);
    }
  }
}
