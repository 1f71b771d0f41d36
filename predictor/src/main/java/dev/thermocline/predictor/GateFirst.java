package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import org.jspecify.annotations.Nullable;

/**
 * Exact: all gates (or, ungated, all ups) are computed, and a neuron whose activation is zero is
 * left out. Loses nothing, needs no training; for the ReLU family.
 */
public final class GateFirst implements Selector {
  private final float[] cutoffs;

  /** For a layer of {@code neurons}. */
  public GateFirst(int neurons) {
    this.cutoffs = new float[neurons];
  }

  @Override
  public String name() {
    return "gate-first";
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
