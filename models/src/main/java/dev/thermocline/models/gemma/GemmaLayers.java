package dev.thermocline.models.gemma;

import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.layers.Attention;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.SequentialBlock;
import dev.thermocline.models.layers.TransformerBlock;

/** What the second and third Gemma share. */
final class GemmaLayers {
  private GemmaLayers() {}

  /** Starts a configuration; the largest model scales queries by the stream's width per head. */
  static ConfigReader config(ConfigReader reader, int layersOfLargest) {
    return reader.nLayer() == layersOfLargest
        ? reader.attentionScale(1 / Math.sqrt(reader.nEmbd() / reader.nHead()))
        : reader;
  }

  /** A block with norms before and after each part. */
  static TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return new SequentialBlock(
        loader,
        loader.norm("attn_norm"),
        Attention.load(loader, layer),
        loader.norm("post_attention_norm"),
        loader.norm("ffn_norm"),
        feedForward,
        loader.norm("post_ffw_norm"),
        1);
  }
}
