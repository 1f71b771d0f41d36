package dev.thermocline.kernels.format;

/**
 * Evenly spaced levels with the least squared error to a group of values. Rounding to levels and
 * the best spacing for given roundings depend on each other, so several spacings around the obvious
 * one are rounded to, each is then improved by linear least squares, and the best is kept.
 */
final class LevelFit {
  /** Spacings are tried in steps of a tenth of a level. */
  private static final float STEP = 0.1f;

  private static final int STEPS = 10;

  private float scale;
  private float minimum;

  // Sums over the group at hand, which do not depend on the levels.
  private double values;
  private double power;

  /** Distance of the levels found last. */
  float scale() {
    return scale;
  }

  /** By how much the lowest level found last by {@link #affine} is below zero; not negative. */
  float minimum() {
    return minimum;
  }

  /**
   * Levels {@code scale * q - minimum} for q from 0 to {@code top}, zero or below at q = 0.
   *
   * @param x the group is {@code x[at ... at + n - 1]}
   */
  void affine(float[] x, int at, int n, int top) {
    float low = 0;
    float high = Float.NEGATIVE_INFINITY;
    values = 0;
    power = 0;
    for (int i = at; i < at + n; i++) {
      low = Math.min(low, x[i]);
      high = Math.max(high, x[i]);
      values += x[i];
      power += (double) x[i] * x[i];
    }
    scale = 0;
    minimum = -low;
    if (high > low) {
      // Stays where all values are rounded to the same level.
      scale = (high - low) / top;
      double best = Double.POSITIVE_INFINITY;
      for (int step = -STEPS; step <= STEPS; step++) {
        best = affine(x, at, n, top, low, (top + STEP * step) / (high - low), best);
      }
    }
  }

  /**
   * Keeps what comes of one spacing if it is better than {@code best}; returns the better error.
   */
  private double affine(float[] x, int at, int n, int top, float low, float inverse, double best) {
    int sum = 0;
    int squares = 0;
    double products = 0;
    for (int i = at; i < at + n; i++) {
      int q = Math.min(top, (int) ((x[i] - low) * inverse + 0.5f));
      sum += q;
      squares += q * q;
      products += (double) q * x[i];
    }
    double determinant = (double) n * squares - (double) sum * sum;
    if (!(determinant > 0)) {
      return best;
    }
    double offset = (squares * values - sum * products) / determinant;
    double slope = (n * products - sum * values) / determinant;
    if (offset > 0) {
      offset = 0;
      slope = products / squares;
    }
    double error =
        power
            + slope * slope * squares
            + offset * offset * n
            + 2 * slope * offset * sum
            - 2 * slope * products
            - 2 * offset * values;
    if (slope > 0 && error < best) {
      scale = (float) slope;
      minimum = (float) -offset;
      return error;
    }
    return best;
  }

  /** Levels {@code scale * q} for q from {@code -half} to {@code half - 1}; scale has any sign. */
  void symmetric(float[] x, int at, int n, int half) {
    float extreme = 0;
    for (int i = at; i < at + n; i++) {
      extreme = Math.abs(x[i]) > Math.abs(extreme) ? x[i] : extreme;
    }
    scale = 0;
    minimum = 0;
    if (extreme != 0) {
      double best = 0;
      for (int step = -STEPS; step <= STEPS; step++) {
        best = symmetric(x, at, n, half, -(half + STEP * step) / extreme, best);
      }
    }
  }

  /** As {@link #affine}; the error falls by {@code (sum of q x)^2 / (sum of q^2)}. */
  private double symmetric(float[] x, int at, int n, int half, float inverse, double best) {
    int squares = 0;
    double products = 0;
    // Above zero, where a cast rounds down.
    float shift = 2 * half + 0.5f;
    for (int i = at; i < at + n; i++) {
      int q = (int) (x[i] * inverse + shift) - 2 * half;
      q = Math.max(-half, Math.min(half - 1, q));
      squares += q * q;
      products += (double) q * x[i];
    }
    double gain = squares == 0 ? 0 : products * products / squares;
    if (gain > best) {
      scale = (float) (products / squares);
      return gain;
    }
    return best;
  }
}
