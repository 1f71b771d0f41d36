package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Baseline: one threshold on the magnitude of the activated gate for all neurons of a layer (CATS,
 * Lee et al., 2024), blind to the size of up and down.
 */
public final class GateMagnitude implements Selector {
  private final float[] cutoffs;

  /**
   * For a layer of {@code neurons}.
   *
   * @param threshold magnitude at or below which a neuron is left out, not negative
   */
  public GateMagnitude(int neurons, float threshold) {
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException(
          "gate magnitude: expected a threshold of at least 0, got " + threshold);
    }
    this.cutoffs = new float[neurons];
    Arrays.fill(cutoffs, threshold);
  }

  @Override
  public String name() {
    return "gate-magnitude";
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
  public RowSet @Nullable [] select(HostActivations residual, HostActivations normed, int n) {
    return null;
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
