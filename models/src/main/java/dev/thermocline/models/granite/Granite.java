package dev.thermocline.models.granite;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** Granite 3 (IBM, 2024): Llama's block, with embedding, residual, attention and logits scaled. */
public final class Granite implements Architecture {

  @Override
  public String name() {
    return "granite";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return read(gguf, name());
  }

  static ModelConfig read(GgufFile gguf, String name) {
    ConfigReader reader = new ConfigReader(gguf, name);
    // Here the key says whether there are rotary positions at all.
    if (reader.flag("rope.scaling.finetuned", true)) {
      reader.rope(RopeStyle.NORMAL);
    }
    return reader
        .rmsNorm()
        .gated(ActivationFunction.SILU)
        .experts(true)
        .attentionScaleKey()
        .scales(1, 1, 1)
        .read();
  }
}
