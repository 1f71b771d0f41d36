package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;

/** {@code y = W x + b}: dense, or with inputs left out where an engine decides so. */
public interface Linear extends AutoCloseable {

  /** {@code out[t] = W x[t] + b} for the first {@code n} tokens. */
  void forward(Activations x, int n, Activations out);

  /** Bytes of the weight, all of it. */
  long bytes();

  @Override
  void close();
}
