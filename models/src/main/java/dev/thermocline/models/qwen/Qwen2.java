package dev.thermocline.models.qwen;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** Qwen 1.5 to 2.5 (Yang et al., 2024): Llama's block with biases on query, key and value. */
public final class Qwen2 implements Architecture {

  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .gated(ActivationFunction.SILU)
        .read();
  }
}
