package dev.thermocline.models.phi;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * Phi 3 and 4 (Abdin et al., 2024): query, key and value in one matrix, gate and up in another. A
 * sliding window is applied in every layer, as the model's makers do; LongRoPE for long contexts.
 */
public final class Phi3 implements Architecture {

  @Override
  public String name() {
    return "phi3";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .gated(ActivationFunction.SILU)
        .window(0, 0, false)
        .read();
  }
}
