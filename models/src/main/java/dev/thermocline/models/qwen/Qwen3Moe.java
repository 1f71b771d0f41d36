package dev.thermocline.models.qwen;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** Qwen 3 with experts (Yang et al., 2025). */
public final class Qwen3Moe implements Architecture {

  @Override
  public String name() {
    return "qwen3moe";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .gated(ActivationFunction.SILU)
        .experts(true)
        .read();
  }
}
