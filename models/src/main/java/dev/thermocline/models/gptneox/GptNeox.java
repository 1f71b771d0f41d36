package dev.thermocline.models.gptneox;

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
 * GPT-NeoX and Pythia (Black et al., 2022): attention and an ungated GELU side by side, each with
 * its LayerNorm, partly rotated heads; some files ask for one after the other.
 */
public final class GptNeox implements Architecture {

  @Override
  public String name() {
    return "gptneox";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .layerNorm()
        .rope(RopeStyle.NEOX)
        .ungated(ActivationFunction.GELU)
        .parallel(true)
        .read();
  }

  @Override
  public TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    if (!loader.config().parallel()) {
      return SequentialBlock.load(loader, layer, feedForward);
    }
    return new ParallelBlock(
        loader,
        loader.norm("attn_norm"),
        Attention.load(loader, layer),
        loader.norm("ffn_norm"),
        feedForward);
  }
}
