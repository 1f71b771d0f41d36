package dev.thermocline.predictor.profile;

/**
 * Counts of non-negative scores, from which quantiles are read. A bin is a score's exponent and the
 * first five bits of its mantissa, so it is at most 3 % wide and found without arithmetic.
 * Mergeable; adding allocates nothing.
 */
public final class ScoreHistogram {
  private static final int DROPPED_BITS = 23 - 5;

  /** Up to infinity, which has the last bin for itself. */
  private static final int BINS =
      (Float.floatToIntBits(Float.POSITIVE_INFINITY) >>> DROPPED_BITS) + 1;

  private final long[] counts = new long[BINS];
  private long total;

  /** No scores. */
  public ScoreHistogram() {}

  /** Adds one score; a NaN is left out, and a negative one counts as zero. */
  public void add(float score) {
    if (!Float.isNaN(score)) {
      counts[score > 0 ? Float.floatToRawIntBits(score) >>> DROPPED_BITS : 0]++;
      total++;
    }
  }

  /** Adds all scores of another histogram. */
  public void merge(ScoreHistogram other) {
    for (int b = 0; b < counts.length; b++) {
      counts[b] += other.counts[b];
    }
    total += other.total;
  }

  /** Number of scores. */
  public long total() {
    return total;
  }

  /**
   * The score below which a share of all scores lies; 0 without scores.
   *
   * @param share 0 to 1
   */
  public float quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("quantile: expected a share of 0 to 1, got " + share);
    }
    double wanted = share * total;
    double below = 0;
    for (int b = 0; b < counts.length; b++) {
      if (counts[b] > 0 && below + counts[b] >= wanted) {
        return between(b, (wanted - below) / counts[b]);
      }
      below += counts[b];
    }
    return 0;
  }

  /** Share of the scores that lie below {@code score}, to a bin's width. */
  public double share(float score) {
    int bin = score > 0 ? Float.floatToRawIntBits(score) >>> DROPPED_BITS : 0;
    long below = 0;
    for (int b = 0; b < bin; b++) {
      below += counts[b];
    }
    return total == 0 ? 0 : (double) below / total;
  }

  /** A point of a bin; bin 0 is taken for zeros, which it hardly ever is not. */
  private static float between(int bin, double part) {
    if (bin == 0) {
      return 0;
    }
    if (bin == BINS - 1) {
      return Float.MAX_VALUE;
    }
    double low = Float.intBitsToFloat(bin << DROPPED_BITS);
    double high = Math.min(Float.intBitsToFloat((bin + 1) << DROPPED_BITS), Float.MAX_VALUE);
    return (float) (low + part * (high - low));
  }
}
