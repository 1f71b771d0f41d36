package dev.thermocline.models.minicpm;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * MiniCPM (Hu et al., 2024): Llama's block, with embedding, residual and logits scaled; older files
 * do not say by how much.
 */
public final class MiniCpm implements Architecture {

  @Override
  public String name() {
    return "minicpm";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    ConfigReader reader = new ConfigReader(gguf, name());
    return reader
        .rmsNorm()
        .rope(RopeStyle.NORMAL)
        .gated(ActivationFunction.SILU)
        .experts(true)
        .scales(12, 1.4 / Math.sqrt(reader.nLayer()), 256.0 / reader.nEmbd())
        .read();
  }
}
