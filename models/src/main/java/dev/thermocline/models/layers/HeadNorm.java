package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Weights;
import dev.thermocline.models.NormConfig;

/**
 * Normalises queries or keys before they are turned (Henry et al., query-key normalization, 2020):
 * every head by itself, or all heads of a token together. Does not own its weight.
 *
 * @param headSize elements that are normalised together
 * @param weight as many values, or as many for each head
 * @param norm kind and epsilon
 */
public record HeadNorm(Kernels kernels, int headSize, Weights weight, NormConfig norm) {

  /** Normalises the first {@code n} tokens in place. */
  public void forward(Activations x, int n) {
    if (norm.centred()) {
      kernels.layerNormHeads(x, n, headSize, weight, norm.epsilon());
    } else {
      kernels.rmsNormHeads(x, n, headSize, weight, norm.epsilon());
    }
  }
}
