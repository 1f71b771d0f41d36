package dev.thermocline.models.falcon;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.Attention;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardReader;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.Norm;
import dev.thermocline.models.layers.ParallelBlock;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * Falcon (Almazrouei et al., 2023): attention and an ungated GELU side by side; the larger ones
 * have a norm for each. PowerInfer's files have ReLU.
 */
public final class Falcon implements Architecture {

  @Override
  public String name() {
    return "falcon";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    ActivationFunction activation =
        FeedForwardReader.isPowerInfer(gguf) ? ActivationFunction.RELU : ActivationFunction.GELU;
    return new ConfigReader(gguf, name())
        .layerNorm()
        .rope(RopeStyle.NEOX)
        .ungated(activation)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    Norm first = loader.norm("attn_norm");
    Norm second = loader.optionalNorm("attn_norm_2");
    Attention attention = Attention.load(loader, layer);
    // The second norm, where there is one, is the attention's.
    return second == null
        ? new ParallelBlock(loader, first, attention, null, feedForward)
        : new ParallelBlock(loader, second, attention, first, feedForward);
  }
}
