package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * Register tiles: a few decoded rows times a few tokens. Every element of a product is summed in
 * the same order whichever tile it is in, so that a token's result does not depend on its batch.
 *
 * <p>Each loop has an exit that is never taken, at {@code stop}. With it C2 keeps the loop as it is
 * written. Without, it makes four turns one and loads their operands first, which takes more
 * registers than there are, and half of the time goes to saving and restoring accumulators
 * (docs/decisions/012).
 */
final class Tile {
  /** Floats from one decoded row to the next; constant, so that C2 checks bounds once a loop. */
  static final int STRIDE = 512;

  /**
   * As {@link #STRIDE}, for {@link #spread4}, which reads down the rows: not a power of two, or all
   * of them would share a few places of the cache.
   */
  static final int SPREAD = STRIDE + CacheLines.FLOATS;

  private Tile() {}

  /**
   * {@code sums[k * 3 + r] += w[r] . x[t + k]} for three rows and three tokens, lane by lane.
   *
   * @param w decoded rows, the first one from {@code at} on
   * @param xs where in {@code x} each token's elements begin
   * @param t the first of the tokens
   * @param count elements; those behind the last whole vector are left out
   * @param sums nine vectors from {@code o} on
   * @param stop negative
   */
  static void three3(
      float[] w, int at, float[] x, int[] xs, int t, int count, float[] sums, int o, int stop) {
    int x0 = xs[t];
    int x1 = xs[t + 1];
    int x2 = xs[t + 2];
    FloatVector a0 = FloatVector.fromArray(F, sums, o);
    FloatVector a1 = FloatVector.fromArray(F, sums, o + L);
    FloatVector a2 = FloatVector.fromArray(F, sums, o + 2 * L);
    FloatVector b0 = FloatVector.fromArray(F, sums, o + 3 * L);
    FloatVector b1 = FloatVector.fromArray(F, sums, o + 4 * L);
    FloatVector b2 = FloatVector.fromArray(F, sums, o + 5 * L);
    FloatVector c0 = FloatVector.fromArray(F, sums, o + 6 * L);
    FloatVector c1 = FloatVector.fromArray(F, sums, o + 7 * L);
    FloatVector c2 = FloatVector.fromArray(F, sums, o + 8 * L);
    for (int i = 0; i <= count - L; i += L) {
      if (i == stop) {
        break;
      }
      FloatVector a = FloatVector.fromArray(F, x, x0 + i);
      FloatVector b = FloatVector.fromArray(F, x, x1 + i);
      FloatVector c = FloatVector.fromArray(F, x, x2 + i);
      FloatVector row = FloatVector.fromArray(F, w, at + i);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      c0 = row.fma(c, c0);
      row = FloatVector.fromArray(F, w, at + STRIDE + i);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      c1 = row.fma(c, c1);
      row = FloatVector.fromArray(F, w, at + 2 * STRIDE + i);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      c2 = row.fma(c, c2);
    }
    a0.intoArray(sums, o);
    a1.intoArray(sums, o + L);
    a2.intoArray(sums, o + 2 * L);
    b0.intoArray(sums, o + 3 * L);
    b1.intoArray(sums, o + 4 * L);
    b2.intoArray(sums, o + 5 * L);
    c0.intoArray(sums, o + 6 * L);
    c1.intoArray(sums, o + 7 * L);
    c2.intoArray(sums, o + 8 * L);
  }

  /** As {@link #three3}, {@code sums[k * 4 + r]} of four rows and two tokens. */
  static void four2(
      float[] w, int at, float[] x, int[] xs, int t, int count, float[] sums, int o, int stop) {
    int x0 = xs[t];
    int x1 = xs[t + 1];
    FloatVector a0 = FloatVector.fromArray(F, sums, o);
    FloatVector a1 = FloatVector.fromArray(F, sums, o + L);
    FloatVector a2 = FloatVector.fromArray(F, sums, o + 2 * L);
    FloatVector a3 = FloatVector.fromArray(F, sums, o + 3 * L);
    FloatVector b0 = FloatVector.fromArray(F, sums, o + 4 * L);
    FloatVector b1 = FloatVector.fromArray(F, sums, o + 5 * L);
    FloatVector b2 = FloatVector.fromArray(F, sums, o + 6 * L);
    FloatVector b3 = FloatVector.fromArray(F, sums, o + 7 * L);
    for (int i = 0; i <= count - L; i += L) {
      if (i == stop) {
        break;
      }
      FloatVector a = FloatVector.fromArray(F, x, x0 + i);
      FloatVector b = FloatVector.fromArray(F, x, x1 + i);
      FloatVector row = FloatVector.fromArray(F, w, at + i);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      row = FloatVector.fromArray(F, w, at + STRIDE + i);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      row = FloatVector.fromArray(F, w, at + 2 * STRIDE + i);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      row = FloatVector.fromArray(F, w, at + 3 * STRIDE + i);
      a3 = row.fma(a, a3);
      b3 = row.fma(b, b3);
    }
    a0.intoArray(sums, o);
    a1.intoArray(sums, o + L);
    a2.intoArray(sums, o + 2 * L);
    a3.intoArray(sums, o + 3 * L);
    b0.intoArray(sums, o + 4 * L);
    b1.intoArray(sums, o + 5 * L);
    b2.intoArray(sums, o + 6 * L);
    b3.intoArray(sums, o + 7 * L);
  }

  /** As {@link #three3}, {@code sums[r]} of four rows and one token. */
  static void four1(
      float[] w, int at, float[] x, int[] xs, int t, int count, float[] sums, int o, int stop) {
    int x0 = xs[t];
    FloatVector a0 = FloatVector.fromArray(F, sums, o);
    FloatVector a1 = FloatVector.fromArray(F, sums, o + L);
    FloatVector a2 = FloatVector.fromArray(F, sums, o + 2 * L);
    FloatVector a3 = FloatVector.fromArray(F, sums, o + 3 * L);
    for (int i = 0; i <= count - L; i += L) {
      if (i == stop) {
        break;
      }
      FloatVector a = FloatVector.fromArray(F, x, x0 + i);
      FloatVector row = FloatVector.fromArray(F, w, at + i);
      a0 = row.fma(a, a0);
      row = FloatVector.fromArray(F, w, at + STRIDE + i);
      a1 = row.fma(a, a1);
      row = FloatVector.fromArray(F, w, at + 2 * STRIDE + i);
      a2 = row.fma(a, a2);
      row = FloatVector.fromArray(F, w, at + 3 * STRIDE + i);
      a3 = row.fma(a, a3);
    }
    a0.intoArray(sums, o);
    a1.intoArray(sums, o + L);
    a2.intoArray(sums, o + 2 * L);
    a3.intoArray(sums, o + 3 * L);
  }

  /**
   * {@code y[t] += h[t][0] * w[0], then h[t][1] * w[1]} and so on, for four tokens and two vectors
   * of each decoded row. A token may be named several times if its last place has its factors and
   * the others zeros.
   *
   * @param w decoded rows, the first one's two vectors from {@code at} on
   * @param rows how many rows
   * @param h0 offset of the first token's factors in {@code h}, one for each row
   * @param y0 offset of the first token's two vectors in {@code y}
   * @param stop negative
   */
  static void spread4(
      float[] w,
      int at,
      int rows,
      float[] h,
      int h0,
      int h1,
      int h2,
      int h3,
      float[] y,
      int y0,
      int y1,
      int y2,
      int y3,
      int stop) {
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector a1 = FloatVector.fromArray(F, y, y0 + L);
    FloatVector b0 = FloatVector.fromArray(F, y, y1);
    FloatVector b1 = FloatVector.fromArray(F, y, y1 + L);
    FloatVector c0 = FloatVector.fromArray(F, y, y2);
    FloatVector c1 = FloatVector.fromArray(F, y, y2 + L);
    FloatVector d0 = FloatVector.fromArray(F, y, y3);
    FloatVector d1 = FloatVector.fromArray(F, y, y3 + L);
    for (int i = 0; i < rows; i++) {
      if (i == stop) {
        break;
      }
      FloatVector u = FloatVector.fromArray(F, w, at + i * SPREAD);
      FloatVector v = FloatVector.fromArray(F, w, at + i * SPREAD + L);
      FloatVector factor = FloatVector.broadcast(F, h[h0 + i]);
      a0 = u.fma(factor, a0);
      a1 = v.fma(factor, a1);
      factor = FloatVector.broadcast(F, h[h1 + i]);
      b0 = u.fma(factor, b0);
      b1 = v.fma(factor, b1);
      factor = FloatVector.broadcast(F, h[h2 + i]);
      c0 = u.fma(factor, c0);
      c1 = v.fma(factor, c1);
      factor = FloatVector.broadcast(F, h[h3 + i]);
      d0 = u.fma(factor, d0);
      d1 = v.fma(factor, d1);
    }
    a0.intoArray(y, y0);
    a1.intoArray(y, y0 + L);
    b0.intoArray(y, y1);
    b1.intoArray(y, y1 + L);
    c0.intoArray(y, y2);
    c1.intoArray(y, y2 + L);
    d0.intoArray(y, y3);
    d1.intoArray(y, y3 + L);
  }

  /** As {@link #spread4}, for two tokens and four vectors. */
  static void spread2(
      float[] w, int at, int rows, float[] h, int h0, int h1, float[] y, int y0, int y1, int stop) {
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector a1 = FloatVector.fromArray(F, y, y0 + L);
    FloatVector a2 = FloatVector.fromArray(F, y, y0 + 2 * L);
    FloatVector a3 = FloatVector.fromArray(F, y, y0 + 3 * L);
    FloatVector b0 = FloatVector.fromArray(F, y, y1);
    FloatVector b1 = FloatVector.fromArray(F, y, y1 + L);
    FloatVector b2 = FloatVector.fromArray(F, y, y1 + 2 * L);
    FloatVector b3 = FloatVector.fromArray(F, y, y1 + 3 * L);
    for (int i = 0; i < rows; i++) {
      if (i == stop) {
        break;
      }
      FloatVector a = FloatVector.broadcast(F, h[h0 + i]);
      FloatVector b = FloatVector.broadcast(F, h[h1 + i]);
      FloatVector row = FloatVector.fromArray(F, w, at + i * SPREAD);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      row = FloatVector.fromArray(F, w, at + i * SPREAD + L);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      row = FloatVector.fromArray(F, w, at + i * SPREAD + 2 * L);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      row = FloatVector.fromArray(F, w, at + i * SPREAD + 3 * L);
      a3 = row.fma(a, a3);
      b3 = row.fma(b, b3);
    }
    a0.intoArray(y, y0);
    a1.intoArray(y, y0 + L);
    a2.intoArray(y, y0 + 2 * L);
    a3.intoArray(y, y0 + 3 * L);
    b0.intoArray(y, y1);
    b1.intoArray(y, y1 + L);
    b2.intoArray(y, y1 + 2 * L);
    b3.intoArray(y, y1 + 3 * L);
  }
}
