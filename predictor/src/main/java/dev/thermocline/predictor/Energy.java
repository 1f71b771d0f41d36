package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a neuron if its expected output is large enough: {@code abs(act(g_i)) * E abs(u_i) *
 * norm(down_i) > t}. All gates are computed first. Works for SiLU too, where nothing is exactly
 * zero; ungated, {@code E abs(u_i)} is 1.
 */
public final class Energy implements Selector {
  private final float[] cutoffs;

  /**
   * Takes ready cutoffs, one per neuron.
   *
   * @param cutoffs {@code [1][n_ff]}, none of them negative
   */
  public Energy(Tensor cutoffs) {
    if (cutoffs.rows() != 1) {
      throw new IllegalArgumentException(
          cutoffs.name() + ": expected one row of cutoffs, got " + cutoffs.shape());
    }
    this.cutoffs = new float[cutoffs.cols()];
    cutoffs.decodeRow(0, this.cutoffs, 0);
    for (float cutoff : this.cutoffs) {
      if (!(cutoff >= 0)) {
        throw new IllegalArgumentException(
            cutoffs.name() + ": expected cutoffs of at least 0, got " + cutoff);
      }
    }
  }

  private Energy(float[] cutoffs) {
    this.cutoffs = cutoffs;
  }

  /**
   * A threshold on the expected norm of a neuron's output.
   *
   * @param threshold t, not negative
   * @param weights {@code E abs(u_i) * norm(down_i)}, as {@link
   *     dev.thermocline.predictor.profile.LayerProfile#outputWeights} gives them
   */
  public static Energy of(float threshold, float[] weights) {
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException(
          "energy: expected a threshold of at least 0, got " + threshold);
    }
    float[] cutoffs = new float[weights.length];
    for (int i = 0; i < cutoffs.length; i++) {
      // A neuron that never contributes is never kept, whatever its gate.
      cutoffs[i] =
          weights[i] > 0 ? Math.min(threshold / weights[i], Float.MAX_VALUE) : Float.MAX_VALUE;
    }
    return new Energy(cutoffs);
  }

  @Override
  public String name() {
    return "energy";
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
