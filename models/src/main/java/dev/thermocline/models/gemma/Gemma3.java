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
 * Gemma 3, text (Kamath et al., 2025): five layers with a sliding window to one without, each kind
 * with its own rotary base, and a norm of every query and key instead of the cap on attention.
 */
public final class Gemma3 implements Architecture {
  private static final int LAYERS_OF_27B = 62;

  @Override
  public String name() {
    return "gemma3";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    ConfigReader reader = new ConfigReader(gguf, name());
    return GemmaLayers.config(reader, LAYERS_OF_27B)
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .slidingRope(10000, false)
        .gated(ActivationFunction.GELU)
        .embeddingScale(Math.sqrt(reader.nEmbd()))
        .window(0, 6, false)
        .softCaps(0, 0)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return GemmaLayers.block(loader, layer, feedForward);
  }
}
