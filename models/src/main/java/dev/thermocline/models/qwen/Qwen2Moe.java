package dev.thermocline.models.qwen;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * Qwen 1.5 and 2 with experts (Yang et al., 2024), their weights as the softmax gives them, and a
 * gated expert for every token.
 */
public final class Qwen2Moe implements Architecture {

  @Override
  public String name() {
    return "qwen2moe";
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
