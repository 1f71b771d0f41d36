package dev.thermocline.predictor.profile;

import dev.thermocline.kernels.HostActivations;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the neurons of one layer behaved over some tokens. Sums only, so that profiles of several
 * texts can be merged. Changed by one thread at a time.
 */
public final class LayerProfile {
  private static final int NUMBER_BITS = 24;

  /** Larger counts are not told apart when sorting. */
  private static final long MOST_COUNTED = (1L << (63 - NUMBER_BITS)) - 1;

  private final long[] counts;
  private final double[] energies;
  private final double[] absUps;
  private long tokens;

  /** A layer of {@code neurons} of which nothing is known yet. */
  public LayerProfile(int neurons) {
    if (neurons < 1 || neurons >= 1 << NUMBER_BITS) {
      throw new IllegalArgumentException(
          "profile: expected 1 to 2^" + NUMBER_BITS + " - 1 neurons, got " + neurons);
    }
    this.counts = new long[neurons];
    this.energies = new double[neurons];
    this.absUps = new double[neurons];
  }

  /**
   * A layer as it was stored.
   *
   * @throws IllegalArgumentException if the lengths differ, a sum is negative or not finite, or a
   *     neuron fired more often than there were tokens
   */
  public static LayerProfile of(long tokens, long[] counts, double[] energies, double[] absUps) {
    if (tokens < 0 || energies.length != counts.length || absUps.length != counts.length) {
      throw new IllegalArgumentException(
          "profile: expected tokens and three arrays of one length, got "
              + tokens
              + " tokens, "
              + counts.length
              + " counts, "
              + energies.length
              + " energies, "
              + absUps.length
              + " magnitudes");
    }
    LayerProfile profile = new LayerProfile(counts.length);
    profile.tokens = tokens;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0 || counts[i] > tokens || bad(energies[i]) || bad(absUps[i])) {
        throw new IllegalArgumentException(
            "profile: neuron "
                + i
                + ": expected 0 to "
                + tokens
                + " firings and finite sums, got "
                + counts[i]
                + ", "
                + energies[i]
                + ", "
                + absUps[i]);
      }
      profile.counts[i] = counts[i];
      profile.energies[i] = energies[i];
      profile.absUps[i] = absUps[i];
    }
    return profile;
  }

  private static boolean bad(double sum) {
    return !(sum >= 0 && sum <= Double.MAX_VALUE);
  }

  /**
   * Adds {@code n} tokens.
   *
   * @param up {@code up . x} where the block is gated, else null
   * @param downNorms norm of each neuron's down row
   * @param floor norm of a neuron's output at or below which it counts as silent: 0 for the ReLU
   *     family, where silence is exact
   */
  public void observe(
      HostActivations hidden, @Nullable HostActivations up, int n, float[] downNorms, float floor) {
    for (int t = 0; t < n; t++) {
      float[] values = hidden.values();
      int at = hidden.offset(t);
      for (int i = 0; i < counts.length; i++) {
        float output = Math.abs(values[at + i]) * downNorms[i];
        counts[i] += output > floor ? 1 : 0;
        energies[i] += (double) output * output;
      }
      if (up != null) {
        addMagnitudes(up.values(), up.offset(t));
      }
    }
    tokens += n;
  }

  private void addMagnitudes(float[] values, int at) {
    for (int i = 0; i < absUps.length; i++) {
      absUps[i] += Math.abs(values[at + i]);
    }
  }

  /** Adds what another profile of the same layer has seen. */
  public void merge(LayerProfile other) {
    if (other.neurons() != neurons()) {
      throw new IllegalArgumentException(
          "profile: expected " + neurons() + " neurons to merge, got " + other.neurons());
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
      energies[i] += other.energies[i];
      absUps[i] += other.absUps[i];
    }
    tokens += other.tokens;
  }

  /** n_ff. */
  public int neurons() {
    return counts.length;
  }

  /** Tokens seen. */
  public long tokens() {
    return tokens;
  }

  /** How often a neuron fired. */
  public long count(int neuron) {
    return counts[neuron];
  }

  /** Sum of the squared norms of a neuron's outputs. */
  public double energy(int neuron) {
    return energies[neuron];
  }

  /** Sum of {@code abs(up . x)}; 0 where the block has no gate. */
  public double absUp(int neuron) {
    return absUps[neuron];
  }

  /** Share of the tokens on which a neuron fired; 0 before the first token. */
  public double frequency(int neuron) {
    return tokens == 0 ? 0 : (double) counts[neuron] / tokens;
  }

  /** Mean share of neurons that fire on a token. */
  public double activeShare() {
    return tokens == 0 ? 0 : (double) firings() / ((double) tokens * counts.length);
  }

  private long firings() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /**
   * How unevenly the firings spread over the neurons: their Gini coefficient, 0 if all fire alike,
   * towards 1 if few do all the work.
   */
  public double skewness() {
    long[] sorted = counts.clone();
    Arrays.sort(sorted);
    double sum = 0;
    double ranked = 0;
    for (int i = 0; i < sorted.length; i++) {
      sum += sorted[i];
      ranked += (i + 1.0) * sorted[i];
    }
    int n = sorted.length;
    return sum == 0 ? 0 : 2 * ranked / (n * sum) - (n + 1.0) / n;
  }

  /** Share of all firings that the {@code k} hottest neurons cover; 0 if nothing fired. */
  public double coverage(int k) {
    long[] sorted = counts.clone();
    Arrays.sort(sorted);
    long covered = 0;
    for (int i = sorted.length - 1; i >= Math.max(0, sorted.length - k); i--) {
      covered += sorted[i];
    }
    long all = firings();
    return all == 0 ? 0 : (double) covered / all;
  }

  /** All neurons, hottest first; among equals the lower number first. */
  public int[] byFrequency() {
    // Sorted as longs, the complement of the count above the number: eighty layers of a large model
    // take milliseconds.
    long[] keys = new long[counts.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (MOST_COUNTED - Math.min(counts[i], MOST_COUNTED)) << NUMBER_BITS | i;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) (keys[i] & ((1L << NUMBER_BITS) - 1));
    }
    return order;
  }

  /**
   * What turns the magnitude of a gate into the expected norm of a neuron's output: {@code E abs(u)
   * * norm(down)}, or the norm alone where the block has no gate.
   */
  public float[] outputWeights(float[] downNorms, boolean gated) {
    if (downNorms.length != counts.length) {
      throw new IllegalArgumentException(
          "profile: expected " + counts.length + " norms, got " + downNorms.length);
    }
    float[] weights = downNorms.clone();
    for (int i = 0; i < weights.length && gated; i++) {
      weights[i] *= (float) (absUps[i] / Math.max(1, tokens));
    }
    return weights;
  }
}
