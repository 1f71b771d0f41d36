package dev.thermocline.models.gemma;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * Gemma 2 (Riviere et al., 2024): Gemma with norms after each part too, every other layer with a
 * sliding window, soft caps on attention and logits.
 */
public final class Gemma2 implements Architecture {
  private static final int LAYERS_OF_27B = 46;

  @Override
  public String name() {
    return "gemma2";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    ConfigReader reader = new ConfigReader(gguf, name());
    return GemmaLayers.config(reader, LAYERS_OF_27B)
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .slidingRope(0, true)
        .gated(ActivationFunction.GELU)
        .embeddingScale(Math.sqrt(reader.nEmbd()))
        .window(4096, 2, false)
        .softCaps(50, 30)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return GemmaLayers.block(loader, layer, feedForward);
  }
}
