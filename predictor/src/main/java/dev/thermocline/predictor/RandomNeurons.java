package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;

/**
 * Baseline: keeps every neuron with the same probability, whatever the token. Repeatable by seed:
 * the same calls in the same order select the same neurons.
 */
public final class RandomNeurons implements Selector {
  private final SelectorWorkspace workspace;
  private final float[] cutoffs;
  private final int limit;
  private long state;

  /**
   * Keeps neurons with probability {@code share}, 0 to 1.
   *
   * @param seed of the choices
   */
  public RandomNeurons(SelectorWorkspace workspace, double share, long seed) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "random neurons: expected a share of 0 to 1, got " + share);
    }
    this.workspace = workspace;
    this.cutoffs = new float[workspace.neurons()];
    this.limit = (int) Math.round(share * (1 << 30));
    this.state = seed;
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  public int neurons() {
    return cutoffs.length;
  }

  @Override
  public SelectorInput input() {
    return SelectorInput.NONE;
  }

  @Override
  public RowSet[] select(HostActivations residual, HostActivations normed, int n) {
    workspace.checkTokens(n);
    for (int t = 0; t < n; t++) {
      RowSet set = workspace.candidates()[t];
      set.clear();
      for (int i = 0; i < cutoffs.length; i++) {
        if ((int) (next() >>> 34) < limit) {
          set.add(i);
        }
      }
    }
    return workspace.candidates();
  }

  /** SplitMix64 (Steele, Lea and Flood, 2014). */
  private long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public boolean skips() {
    return true;
  }

  @Override
  public float[] cutoffs() {
    return cutoffs;
  }

  @Override
  public long bytesPerToken() {
    return 0;
  }

  @Override
  public void close() {}
}
