package dev.thermocline.kernels;

/** Element-wise non-linearity of a feed-forward block. */
public enum ActivationFunction {
  /** x * sigmoid(x). */
  SILU(false),
  /** max(x, 0). */
  RELU(true),
  /** max(x, 0)^2 (So et al., Primer, 2021). */
  RELU_SQUARED(true);

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
      case RELU -> Math.max(x, 0f);
      case RELU_SQUARED -> {
        float r = Math.max(x, 0f);
        yield r * r;
      }
    };
  }
}
