package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.ActivationFunction;

/** Activation functions over arrays; what has no vector kernel is a plain loop. */
final class VectorActivation {
  private VectorActivation() {}

  /** {@code x = f(x)} for the first {@code count} elements. */
  static void apply(ActivationFunction function, float[] x, int count) {
    switch (function) {
      case SILU -> VectorMath.silu(x, 0, count);
      case GELU -> VectorMath.gelu(x, 0, count);
      case RELU, DRELU -> {
        for (int i = 0; i < count; i++) {
          x[i] = Math.max(x[i], 0f);
        }
      }
      case RELU_SQUARED -> {
        for (int i = 0; i < count; i++) {
          float r = Math.max(x[i], 0f);
          x[i] = r * r;
        }
      }
      case CLAMPED_SWIGLU -> {
        for (int i = 0; i < count; i++) {
          x[i] = function.apply(x[i]);
        }
      }
    }
  }

  /** {@code x *= factor(up)} for the first {@code count} elements. */
  static void multiply(ActivationFunction function, float[] x, float[] up, int count) {
    switch (function) {
      case SILU, RELU, RELU_SQUARED, GELU -> {
        for (int i = 0; i < count; i++) {
          x[i] *= up[i];
        }
      }
      case DRELU, CLAMPED_SWIGLU -> {
        for (int i = 0; i < count; i++) {
          x[i] *= function.factor(up[i]);
        }
      }
    }
  }
}
