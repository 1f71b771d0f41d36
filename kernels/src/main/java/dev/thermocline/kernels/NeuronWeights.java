package dev.thermocline.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Weights of a feed-forward block, neuron-major: neuron i is row i of each matrix. Holds all
 * neurons of a layer (or an expert); {@link Kernels#neurons} takes a subset of them.
 *
 * @param gate {@code [n_ff][n_embd]}, or null where the block has no gate
 * @param gateBias {@code [1][n_ff]} or null
 * @param up {@code [n_ff][n_embd]}
 * @param upBias {@code [1][n_ff]} or null
 * @param downT {@code [n_ff][n_embd]}, the transpose of the down projection
 * @param activation applied to the gate, or to up where there is none
 */
public record NeuronWeights(
    @Nullable Tensor gate,
    @Nullable Tensor gateBias,
    Tensor up,
    @Nullable Tensor upBias,
    Tensor downT,
    ActivationFunction activation) {

  public NeuronWeights {
    check(gate, up.shape());
    check(downT, up.shape());
    check(gateBias, new Shape(1, up.rows()));
    check(upBias, new Shape(1, up.rows()));
  }

  private static void check(@Nullable Tensor tensor, Shape expected) {
    if (tensor != null && !tensor.shape().equals(expected)) {
      throw new IllegalArgumentException(
          tensor.name() + ": expected " + expected + ", got " + tensor.shape());
    }
  }

  /** Number of neurons, n_ff. */
  public int neurons() {
    return up.rows();
  }

  /** Width of input and output, n_embd. */
  public int width() {
    return up.cols();
  }

  public boolean gated() {
    return gate != null;
  }

  /** Bytes of one neuron's rows. */
  public long bundleBytes() {
    return (gate == null ? 0 : gate.rowBytes()) + up.rowBytes() + downT.rowBytes();
  }
}
