package dev.thermocline.predictor.overlay;

import dev.thermocline.kernels.Tensor;

/**
 * What was fitted for one linear layer.
 *
 * @param linear name of the weight, such as {@code blk.0.attn_q.weight}
 * @param columnNorms {@code [1][cols]}, finite and not negative
 * @param threshold score below which an input is left out
 * @param sparsity share of inputs that the threshold left out on the calibration text, 0 to 1
 */
public record WinaParameters(String linear, Tensor columnNorms, float threshold, double sparsity) {
  public WinaParameters {
    if (columnNorms.rows() != 1
        || !(threshold >= 0 && threshold <= Float.MAX_VALUE)
        || !(sparsity >= 0 && sparsity <= 1)) {
      throw new IllegalArgumentException(
          linear
              + ": expected one row of norms, a threshold of at least 0 and a share, got "
              + columnNorms.shape()
              + ", "
              + threshold
              + ", "
              + sparsity);
    }
  }
}
