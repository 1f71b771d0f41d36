package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;
import static dev.thermocline.kernels.vector.Tile.STRIDE;

import jdk.incubator.vector.FloatVector;

/** Tiles of {@link Tile} for processors with 32 vector registers, as with 512 bits. */
final class WideTile {
  private WideTile() {}

  /** As {@link Tile#three3}, of eight tokens. */
  static void three8(
      float[] w, int at, float[] x, int[] xs, int t, int count, float[] sums, int o, int stop) {
    int x0 = xs[t];
    int x1 = xs[t + 1];
    int x2 = xs[t + 2];
    int x3 = xs[t + 3];
    int x4 = xs[t + 4];
    int x5 = xs[t + 5];
    int x6 = xs[t + 6];
    int x7 = xs[t + 7];
    FloatVector a0 = FloatVector.fromArray(F, sums, o);
    FloatVector a1 = FloatVector.fromArray(F, sums, o + L);
    FloatVector a2 = FloatVector.fromArray(F, sums, o + 2 * L);
    FloatVector b0 = FloatVector.fromArray(F, sums, o + 3 * L);
    FloatVector b1 = FloatVector.fromArray(F, sums, o + 4 * L);
    FloatVector b2 = FloatVector.fromArray(F, sums, o + 5 * L);
    FloatVector c0 = FloatVector.fromArray(F, sums, o + 6 * L);
    FloatVector c1 = FloatVector.fromArray(F, sums, o + 7 * L);
    FloatVector c2 = FloatVector.fromArray(F, sums, o + 8 * L);
    FloatVector d0 = FloatVector.fromArray(F, sums, o + 9 * L);
    FloatVector d1 = FloatVector.fromArray(F, sums, o + 10 * L);
    FloatVector d2 = FloatVector.fromArray(F, sums, o + 11 * L);
    FloatVector e0 = FloatVector.fromArray(F, sums, o + 12 * L);
    FloatVector e1 = FloatVector.fromArray(F, sums, o + 13 * L);
    FloatVector e2 = FloatVector.fromArray(F, sums, o + 14 * L);
    FloatVector f0 = FloatVector.fromArray(F, sums, o + 15 * L);
    FloatVector f1 = FloatVector.fromArray(F, sums, o + 16 * L);
    FloatVector f2 = FloatVector.fromArray(F, sums, o + 17 * L);
    FloatVector g0 = FloatVector.fromArray(F, sums, o + 18 * L);
    FloatVector g1 = FloatVector.fromArray(F, sums, o + 19 * L);
    FloatVector g2 = FloatVector.fromArray(F, sums, o + 20 * L);
    FloatVector h0 = FloatVector.fromArray(F, sums, o + 21 * L);
    FloatVector h1 = FloatVector.fromArray(F, sums, o + 22 * L);
    FloatVector h2 = FloatVector.fromArray(F, sums, o + 23 * L);
    for (int i = 0; i <= count - L; i += L) {
      if (i == stop) {
        break;
      }
      FloatVector a = FloatVector.fromArray(F, x, x0 + i);
      FloatVector b = FloatVector.fromArray(F, x, x1 + i);
      FloatVector c = FloatVector.fromArray(F, x, x2 + i);
      FloatVector d = FloatVector.fromArray(F, x, x3 + i);
      FloatVector e = FloatVector.fromArray(F, x, x4 + i);
      FloatVector f = FloatVector.fromArray(F, x, x5 + i);
      FloatVector g = FloatVector.fromArray(F, x, x6 + i);
      FloatVector h = FloatVector.fromArray(F, x, x7 + i);
      FloatVector row = FloatVector.fromArray(F, w, at + i);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      c0 = row.fma(c, c0);
      d0 = row.fma(d, d0);
      e0 = row.fma(e, e0);
      f0 = row.fma(f, f0);
      g0 = row.fma(g, g0);
      h0 = row.fma(h, h0);
      row = FloatVector.fromArray(F, w, at + STRIDE + i);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      c1 = row.fma(c, c1);
      d1 = row.fma(d, d1);
      e1 = row.fma(e, e1);
      f1 = row.fma(f, f1);
      g1 = row.fma(g, g1);
      h1 = row.fma(h, h1);
      row = FloatVector.fromArray(F, w, at + 2 * STRIDE + i);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      c2 = row.fma(c, c2);
      d2 = row.fma(d, d2);
      e2 = row.fma(e, e2);
      f2 = row.fma(f, f2);
      g2 = row.fma(g, g2);
      h2 = row.fma(h, h2);
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
    d0.intoArray(sums, o + 9 * L);
    d1.intoArray(sums, o + 10 * L);
    d2.intoArray(sums, o + 11 * L);
    e0.intoArray(sums, o + 12 * L);
    e1.intoArray(sums, o + 13 * L);
    e2.intoArray(sums, o + 14 * L);
    f0.intoArray(sums, o + 15 * L);
    f1.intoArray(sums, o + 16 * L);
    f2.intoArray(sums, o + 17 * L);
    g0.intoArray(sums, o + 18 * L);
    g1.intoArray(sums, o + 19 * L);
    g2.intoArray(sums, o + 20 * L);
    h0.intoArray(sums, o + 21 * L);
    h1.intoArray(sums, o + 22 * L);
    h2.intoArray(sums, o + 23 * L);
  }

  /** As {@link Tile#three3}, of four tokens. */
  static void three4(
      float[] w, int at, float[] x, int[] xs, int t, int count, float[] sums, int o, int stop) {
    int x0 = xs[t];
    int x1 = xs[t + 1];
    int x2 = xs[t + 2];
    int x3 = xs[t + 3];
    FloatVector a0 = FloatVector.fromArray(F, sums, o);
    FloatVector a1 = FloatVector.fromArray(F, sums, o + L);
    FloatVector a2 = FloatVector.fromArray(F, sums, o + 2 * L);
    FloatVector b0 = FloatVector.fromArray(F, sums, o + 3 * L);
    FloatVector b1 = FloatVector.fromArray(F, sums, o + 4 * L);
    FloatVector b2 = FloatVector.fromArray(F, sums, o + 5 * L);
    FloatVector c0 = FloatVector.fromArray(F, sums, o + 6 * L);
    FloatVector c1 = FloatVector.fromArray(F, sums, o + 7 * L);
    FloatVector c2 = FloatVector.fromArray(F, sums, o + 8 * L);
    FloatVector d0 = FloatVector.fromArray(F, sums, o + 9 * L);
    FloatVector d1 = FloatVector.fromArray(F, sums, o + 10 * L);
    FloatVector d2 = FloatVector.fromArray(F, sums, o + 11 * L);
    for (int i = 0; i <= count - L; i += L) {
      if (i == stop) {
        break;
      }
      FloatVector a = FloatVector.fromArray(F, x, x0 + i);
      FloatVector b = FloatVector.fromArray(F, x, x1 + i);
      FloatVector c = FloatVector.fromArray(F, x, x2 + i);
      FloatVector d = FloatVector.fromArray(F, x, x3 + i);
      FloatVector row = FloatVector.fromArray(F, w, at + i);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      c0 = row.fma(c, c0);
      d0 = row.fma(d, d0);
      row = FloatVector.fromArray(F, w, at + STRIDE + i);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      c1 = row.fma(c, c1);
      d1 = row.fma(d, d1);
      row = FloatVector.fromArray(F, w, at + 2 * STRIDE + i);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      c2 = row.fma(c, c2);
      d2 = row.fma(d, d2);
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
    d0.intoArray(sums, o + 9 * L);
    d1.intoArray(sums, o + 10 * L);
    d2.intoArray(sums, o + 11 * L);
  }
}
