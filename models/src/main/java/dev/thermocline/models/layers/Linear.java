package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.Weights;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = W x + b}, the bias optional. Does not own its weights.
 *
 * @param kernels backend of both weights
 * @param weight {@code [out][in]}
 * @param bias {@code [out]} or null
 */
public record Linear(Kernels kernels, Matrix weight, @Nullable Weights bias) {

  /** {@code out[t] = W x[t] + b} for the first {@code n} tokens. */
  public void forward(Activations x, int n, Activations out) {
    weight.multiply(x, n, out);
    if (bias != null) {
      kernels.addBias(out, n, bias);
    }
  }
}
