package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;

/** {@code y = scale * (W x + b)}. Closing it closes the layer. */
record ScaledLinear(Kernels kernels, Linear linear, float scale) implements Linear {
  @Override
  public void forward(Activations x, int n, Activations out) {
    linear.forward(x, n, out);
    kernels.scale(out, n, scale);
  }

  @Override
  public long bytes() {
    return linear.bytes();
  }

  @Override
  public void close() {
    linear.close();
  }
}
