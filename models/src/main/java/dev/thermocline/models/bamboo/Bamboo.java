package dev.thermocline.models.bamboo;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** Bamboo (Song et al., TurboSparse, 2024): Mistral with a ReLU on the gate and one on up. */
public final class Bamboo implements Architecture {

  @Override
  public String name() {
    return "bamboo";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NORMAL)
        .gated(ActivationFunction.DRELU)
        .read();
  }
}
