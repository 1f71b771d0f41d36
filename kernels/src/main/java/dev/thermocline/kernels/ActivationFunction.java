package dev.thermocline.kernels;

/**
 * Non-linearity of a feed-forward block. With a gate, a neuron's value is {@code apply(gate) *
 * factor(up)}; without, it is {@code apply(up)}.
 */
public enum ActivationFunction {
  /** x * sigmoid(x). */
  SILU(false),
  /** max(x, 0). */
  RELU(true),
  /** max(x, 0)^2 (So et al., Primer, 2021). */
  RELU_SQUARED(true),
  /** x * Phi(x), by the hyperbolic tangent (Hendrycks and Gimpel, 2016). */
  GELU(false),
  /** ReLU on the gate and on up (Song et al., TurboSparse, 2024). */
  DRELU(true),
  /**
   * SiLU with slope 1.702 of the gate, up to 7, times 1 + up, kept between -7 and 7 (gpt-oss,
   * 2025).
   */
  CLAMPED_SWIGLU(false);

  private static final float LIMIT = 7f;

  private final boolean exactlySparse;

  ActivationFunction(boolean exactlySparse) {
    this.exactlySparse = exactlySparse;
  }

  /** Whether negative inputs give exact zeros, so that neurons can be skipped without loss. */
  public boolean exactlySparse() {
    return exactlySparse;
  }

  /** The function, in float. */
  public float apply(float x) {
    return switch (this) {
      case SILU -> x / (1f + (float) Math.exp(-x));
      case RELU, DRELU -> Math.max(x, 0f);
      case RELU_SQUARED -> {
        float r = Math.max(x, 0f);
        yield r * r;
      }
      // 1 + tanh(z) = 2 * sigmoid(2z), with z = sqrt(2 / pi) * (x + 0.044715 x^3).
      case GELU -> x / (1f + (float) Math.exp(-1.5957692f * (x + 0.044715f * x * x * x)));
      case CLAMPED_SWIGLU -> {
        float g = Math.min(x, LIMIT);
        yield g / (1f + (float) Math.exp(-1.702f * g));
      }
    };
  }

  /** What an activated gate is multiplied with, in float. */
  public float factor(float up) {
    return switch (this) {
      case SILU, RELU, RELU_SQUARED, GELU -> up;
      case DRELU -> Math.max(up, 0f);
      case CLAMPED_SWIGLU -> Math.clamp(up, -LIMIT, LIMIT) + 1f;
    };
  }
}
