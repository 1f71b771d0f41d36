package dev.thermocline.models.olmo;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.Attention;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.SequentialBlock;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * OLMo 2 and 3 (Walsh et al., 2024): norms after each part instead of before, and one of all
 * queries and all keys of a token. OLMo 3 has layers with a sliding window, which are not
 * stretched.
 */
public final class Olmo2 implements Architecture {

  @Override
  public String name() {
    return "olmo2";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .unscaledSlidingRope()
        .gated(ActivationFunction.SILU)
        .window(0, 4, false)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return new SequentialBlock(
        loader,
        null,
        Attention.load(loader, layer),
        loader.norm("post_attention_norm"),
        null,
        feedForward,
        loader.norm("post_ffw_norm"),
        1);
  }
}
