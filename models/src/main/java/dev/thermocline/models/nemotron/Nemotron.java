package dev.thermocline.models.nemotron;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * Nemotron (Parmar et al., Nemotron-4, 2024): LayerNorm with bias before each part (the stored
 * weight already has its one added), attention with a partly rotated head, and an ungated squared
 * ReLU.
 */
public final class Nemotron implements Architecture {

  @Override
  public String name() {
    return "nemotron";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .layerNorm()
        .rope(RopeStyle.NEOX)
        .ungated(ActivationFunction.RELU_SQUARED)
        .read();
  }
}
