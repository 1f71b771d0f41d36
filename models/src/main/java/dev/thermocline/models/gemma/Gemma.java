package dev.thermocline.models.gemma;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * Gemma (Mesnard et al., 2024): GeGLU, wide heads, a scaled embedding; stored norm weights already
 * have their one added.
 */
public final class Gemma implements Architecture {

  @Override
  public String name() {
    return "gemma";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    ConfigReader reader = new ConfigReader(gguf, name());
    return reader
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .gated(ActivationFunction.GELU)
        .embeddingScale(Math.sqrt(reader.nEmbd()))
        .read();
  }
}
