package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
import org.jspecify.annotations.Nullable;

/** All inputs, all rows. */
final class DenseLinear implements Linear {
  private final Kernels kernels;
  private final Matrix weight;
  private final @Nullable Weights bias;

  DenseLinear(Kernels kernels, Tensor weight, @Nullable Tensor bias) {
    this.kernels = kernels;
    this.weight = kernels.matrix(weight);
    this.bias = bias == null ? null : loadBias(bias);
  }

  private Weights loadBias(Tensor tensor) {
    try {
      return kernels.weights(tensor);
    } catch (RuntimeException e) {
      weight.close();
      throw e;
    }
  }

  @Override
  public void forward(Activations x, int n, Activations out) {
    weight.multiply(x, n, out);
    if (bias != null) {
      kernels.addBias(out, n, bias);
    }
  }

  @Override
  public long bytes() {
    return weight.bytes();
  }

  @Override
  public void close() {
    weight.close();
    if (bias != null) {
      bias.close();
    }
  }
}
