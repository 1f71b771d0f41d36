package dev.thermocline.models.arcee;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** Arcee's AFM (2025): Llama with an ungated squared ReLU. */
public final class Arcee implements Architecture {

  @Override
  public String name() {
    return "arcee";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NORMAL)
        .ungated(ActivationFunction.RELU_SQUARED)
        .read();
  }
}
