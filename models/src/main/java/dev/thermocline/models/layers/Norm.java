package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Weights;
import org.jspecify.annotations.Nullable;

/** Normalises every token. Does not own its weights. */
public sealed interface Norm {

  /** {@code out[t] = norm(x[t])} for the first {@code n} tokens; may be {@code x} itself. */
  void forward(Activations x, int n, Activations out);

  /** {@code x / sqrt(mean(x^2) + epsilon) * weight} (Zhang and Sennrich, 2019). */
  record Rms(Kernels kernels, Weights weight, float epsilon) implements Norm {
    @Override
    public void forward(Activations x, int n, Activations out) {
      kernels.rmsNorm(x, n, weight, epsilon, out);
    }
  }

  /** {@code (x - mean) / sqrt(variance + epsilon) * weight + bias} (Ba et al., 2016). */
  record Layer(Kernels kernels, Weights weight, @Nullable Weights bias, float epsilon)
      implements Norm {
    @Override
    public void forward(Activations x, int n, Activations out) {
      kernels.layerNorm(x, n, weight, bias, epsilon, out);
    }
  }
}
