package dev.thermocline.models.phi;

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
import dev.thermocline.models.layers.TransformerBlock;

/**
 * Phi 1 to 2 (Gunasekar et al., 2023): attention and an ungated GELU side by side on one LayerNorm,
 * partly rotated heads, biases everywhere.
 */
public final class Phi2 implements Architecture {

  @Override
  public String name() {
    return "phi2";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .layerNorm()
        .rope(RopeStyle.NEOX)
        .ungated(ActivationFunction.GELU)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return new ParallelBlock(
        loader, loader.norm("attn_norm"), Attention.load(loader, layer), null, feedForward);
  }
}
