package dev.thermocline.models.olmo;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * OLMoE (Muennighoff et al., 2024): experts, their weights as the softmax gives them, and a norm of
 * all queries and all keys of a token.
 */
public final class Olmoe implements Architecture {

  @Override
  public String name() {
    return "olmoe";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .gated(ActivationFunction.SILU)
        .experts(false)
        .read();
  }
}
