package dev.thermocline.predictor;

import dev.thermocline.kernels.Tensor;

/**
 * A two-layer net that guesses active neurons: neuron i may be active iff {@code (fc2 . relu(fc1 .
 * z))_i >= threshold}. The rank is free, layer by layer.
 *
 * @param fc1 {@code [rank][n_embd]}
 * @param fc2 {@code [n_ff][rank]}
 * @param threshold on the raw output; not NaN
 * @param input what z is
 */
public record LowRankParameters(Tensor fc1, Tensor fc2, float threshold, SelectorInput input) {
  public LowRankParameters {
    if (fc2.cols() != fc1.rows()) {
      throw new IllegalArgumentException(
          fc2.name()
              + ": expected "
              + fc1.rows()
              + " columns, as many as "
              + fc1.name()
              + " has rows, got "
              + fc2.shape());
    }
    if (Float.isNaN(threshold) || input == SelectorInput.NONE) {
      throw new IllegalArgumentException(
          fc1.name() + ": expected a threshold and an input, got " + threshold + " and " + input);
    }
  }

  public int rank() {
    return fc1.rows();
  }

  /** n_embd. */
  public int width() {
    return fc1.cols();
  }

  /** n_ff. */
  public int neurons() {
    return fc2.rows();
  }

  /** Bytes of both matrices. */
  public long bytes() {
    return fc1.data().byteSize() + fc2.data().byteSize();
  }
}
