package dev.thermocline.models.gptoss;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.Attention;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.SequentialBlock;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * gpt-oss (OpenAI, 2025): experts with a clamped SwiGLU and biases, attention sinks, every other
 * layer with a sliding window, YaRN.
 */
public final class GptOss implements Architecture {

  @Override
  public String name() {
    return "gpt-oss";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .slidingRope(0, true)
        .gated(ActivationFunction.CLAMPED_SWIGLU)
        .window(0, 2, false)
        .experts(ExpertConfig.Gating.SOFTMAX_OF_CHOSEN, false, false)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return new SequentialBlock(
        loader,
        loader.norm("attn_norm"),
        Attention.load(loader, layer),
        null,
        loader.norm("post_attention_norm"),
        feedForward,
        null,
        1);
  }
}
