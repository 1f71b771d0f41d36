package dev.thermocline.models.stablelm;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.Attention;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.ParallelBlock;
import dev.thermocline.models.layers.SequentialBlock;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * StableLM (Bellagente et al., 2024): LayerNorm, SwiGLU, partly rotated heads. Files without a norm
 * before the feed-forward have it beside the attention, on the attention's norm.
 */
public final class StableLm implements Architecture {

  @Override
  public String name() {
    return "stablelm";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .layerNorm()
        .rope(RopeStyle.NEOX)
        .gated(ActivationFunction.SILU)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    if (loader.has("ffn_norm")) {
      return SequentialBlock.load(loader, layer, feedForward);
    }
    return new ParallelBlock(
        loader, loader.norm("attn_norm"), Attention.load(loader, layer), null, feedForward);
  }
}
