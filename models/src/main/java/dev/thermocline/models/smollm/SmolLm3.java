package dev.thermocline.models.smollm;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * SmolLM 3 (Hugging Face, 2025): Llama's block, every fourth layer without rotary positions (Yang
 * et al., RNoPE, 2025).
 */
public final class SmolLm3 implements Architecture {

  @Override
  public String name() {
    return "smollm3";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NORMAL)
        .withoutRope(4, 3)
        .gated(ActivationFunction.SILU)
        .read();
  }
}
