package dev.thermocline.predictor.profile;

/**
 * Counts of non-negative scores in bins of equal width on a logarithmic scale, from which quantiles
 * are read: 32 bins an octave, so a quantile is right to 1.1 %. Mergeable; adding allocates
 * nothing.
 */
public final class ScoreHistogram {
  private static final int BINS_PER_OCTAVE = 32;
  private static final int LOWEST_EXPONENT = -64;
  private static final int HIGHEST_EXPONENT = 64;
  private static final int BINS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * BINS_PER_OCTAVE;
  private static final double INVERSE_LOG_2 = 1 / Math.log(2);

  /** Bin 0 holds zeros and whatever is below the scale. */
  private final long[] counts = new long[BINS + 1];

  private long total;

  /** No scores. */
  public ScoreHistogram() {}

  /** Adds one score; a NaN is left out. */
  public void add(float score) {
    if (!Float.isNaN(score)) {
      counts[bin(score)]++;
      total++;
    }
  }

  private static int bin(float score) {
    if (!(score > 0)) {
      return 0;
    }
    double octave = Math.log(score) * INVERSE_LOG_2 - LOWEST_EXPONENT;
    return Math.clamp(1 + (long) Math.floor(octave * BINS_PER_OCTAVE), 0, BINS);
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
        return b == 0 ? 0 : edge(b - 1 + (wanted - below) / counts[b]);
      }
      below += counts[b];
    }
    return 0;
  }

  private static float edge(double bin) {
    return (float) Math.pow(2, bin / BINS_PER_OCTAVE + LOWEST_EXPONENT);
  }
}
