package dev.thermocline.models.starcoder;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * StarCoder 2 (Lozhkov et al., 2024): LayerNorm, grouped-query attention, ungated GELU, biases
 * everywhere.
 */
public final class Starcoder2 implements Architecture {

  @Override
  public String name() {
    return "starcoder2";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .layerNorm()
        .rope(RopeStyle.NEOX)
        .ungated(ActivationFunction.GELU)
        .read();
  }
}
