package dev.thermocline.models.nemotron;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.Attention;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardReader;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.Norm;
import dev.thermocline.models.layers.OutputHead;
import dev.thermocline.models.layers.RotaryFrequencies;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.models.layers.Workspace;

/**
 * Nemotron (Parmar et al., Nemotron-4, 2024): LayerNorm with bias before each part (the stored
 * weight already has its one added), attention with a partly rotated head, and an ungated squared
 * ReLU.
 */
public final class Nemotron implements Architecture {

  @Override
  public String name() {
    return "nemotron";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name())
        .read("attention.layer_norm_epsilon", ActivationFunction.RELU_SQUARED, false);
  }

  @Override
  public Rope rope(GgufFile gguf, ModelConfig config, int maxTokens) {
    return new Rope(RopeStyle.NEOX, RotaryFrequencies.of(gguf, config), maxTokens);
  }

  @Override
  public FeedForwardWeights feedForward(GgufFile gguf, ModelConfig config, int layer) {
    return FeedForwardReader.read(gguf, config, layer);
  }

  @Override
  public OutputHead head(LayerLoader loader, ModelConfig c, String output) {
    return new OutputHead(
        loader,
        loader.layerNorm("output_norm", c.nEmbd(), c.normEpsilon()),
        loader.linear(output, c.nVocab(), c.nEmbd()));
  }

  @Override
  public TransformerBlock block(LayerLoader loader, ModelConfig c, FeedForward feedForward) {
    return new Block(
        loader,
        loader.layerNorm("attn_norm", c.nEmbd(), c.normEpsilon()),
        Attention.load(loader, c),
        loader.layerNorm("ffn_norm", c.nEmbd(), c.normEpsilon()),
        feedForward);
  }

  private record Block(
      LayerLoader weights,
      Norm attentionNorm,
      Attention attention,
      Norm feedForwardNorm,
      FeedForward feedForward)
      implements TransformerBlock {

    @Override
    public void forward(
        Activations hidden, TokenBatch batch, KvCache cache, Rope rope, Workspace ws) {
      int n = batch.size();
      attentionNorm.forward(hidden, n, ws.normed());
      attention.forward(ws.normed(), batch, cache, rope, ws, hidden);
      feedForwardNorm.forward(hidden, n, ws.normed());
      feedForward.forward(hidden, ws.normed(), n, hidden);
    }

    @Override
    public void close() {
      weights.close();
    }
  }
}
