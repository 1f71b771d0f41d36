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
 * @param subNorm norm of the hidden values, or null
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
    @Nullable Predictor predictor,
    @Nullable SubNorm subNorm) {

  /**
   * A two-layer net that guesses active neurons: neuron i is computed iff {@code (fc2 . relu(fc1 .
   * z))_i >= threshold}, where z is the residual stream before the norm.
   *
   * @param fc1 {@code [rank][n_embd]}
   * @param fc2 {@code [n_ff][rank]}
   * @param threshold on the raw output
   */
  public record Predictor(Tensor fc1, Tensor fc2, float threshold) {}

  /**
   * BitNet's norm of all hidden values together, before the down projection (Wang et al., 2023),
   * and the factors of its ternary weights. It ties the neurons of a block together: they cannot be
   * added one by one.
   *
   * @param weight {@code [1][n_ff]}
   * @param epsilon added to the mean square
   * @param gateScale factor of the gate, before the activation
   * @param upScale factor of up
   * @param downScale factor of the output
   */
  public record SubNorm(
      Tensor weight, float epsilon, float gateScale, float upScale, float downScale) {}

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

  /** Whether the output is a sum of what each neuron gives by itself. */
  public boolean separable() {
    return subNorm == null;
  }
}
