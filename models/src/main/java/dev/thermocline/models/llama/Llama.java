package dev.thermocline.models.llama;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.FeedForwardReader;

/**
 * Llama 1 to 3.x (Touvron et al., 2023), Mistral and Mixtral: RMSNorm before each part, rotary
 * grouped-query attention, SwiGLU or experts of it; ReGLU where the file is PowerInfer's.
 */
public final class Llama implements Architecture {

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    // PowerInfer's files keep the name llama and do not say that the activation is another one.
    ActivationFunction activation =
        FeedForwardReader.isPowerInfer(gguf) ? ActivationFunction.RELU : ActivationFunction.SILU;
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NORMAL)
        .gated(activation)
        .experts(true)
        .read();
  }
}
