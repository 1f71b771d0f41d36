package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import org.jspecify.annotations.Nullable;

/** Dense: every neuron is computed, zeros too. */
public final class AllNeurons implements Selector {
  private final float[] cutoffs;

  /** Selects all of {@code neurons}. */
  public AllNeurons(int neurons) {
    this.cutoffs = new float[neurons];
  }

  @Override
  public String name() {
    return "all";
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
    return false;
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
