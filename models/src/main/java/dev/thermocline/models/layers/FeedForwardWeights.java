package dev.thermocline.models.layers;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Weights of one layer's feed-forward block as they lie in the file. At least one of {@code down}
 * and {@code downT} is there.
 *
 * @param gate {@code [n_ff][n_embd]}, or null where the block has no gate
 * @param gateBias {@code [1][n_ff]} or null
 * @param up {@code [n_ff][n_embd]}
 * @param upBias {@code [1][n_ff]} or null
 * @param down {@code [n_embd][n_ff]} or null
 * @param downT {@code [n_ff][n_embd]}, the transpose of {@code down}, as PowerInfer stores it, or
 *     null
 * @param downBias {@code [1][n_embd]} or null
 * @param activation of the gate, or of up where there is none
 * @param predictor PowerInfer's activity predictor, or null
 */
public record FeedForwardWeights(
    @Nullable Tensor gate,
    @Nullable Tensor gateBias,
    Tensor up,
    @Nullable Tensor upBias,
    @Nullable Tensor down,
    @Nullable Tensor downT,
    @Nullable Tensor downBias,
    ActivationFunction activation,
    @Nullable Predictor predictor) {

  /**
   * A two-layer net that guesses active neurons: neuron i is computed iff {@code (fc2 . relu(fc1 .
   * z))_i >= threshold}, where z is the residual stream before the norm.
   *
   * @param fc1 {@code [rank][n_embd]}
   * @param fc2 {@code [n_ff][rank]}
   * @param threshold on the raw output
   */
  public record Predictor(Tensor fc1, Tensor fc2, float threshold) {}

  public FeedForwardWeights {
    if (down == null && downT == null) {
      throw new IllegalArgumentException(up.name() + ": expected a down projection beside it");
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
}
