package dev.thermocline.models.gpt2;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** GPT-2 (Radford et al., 2019): learned positions, LayerNorm, ungated GELU, biases everywhere. */
public final class Gpt2 implements Architecture {

  @Override
  public String name() {
    return "gpt2";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name()).layerNorm().ungated(ActivationFunction.GELU).read();
  }
}
