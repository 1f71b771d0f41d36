package dev.thermocline.models;

import dev.thermocline.kernels.Rope;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.OutputHead;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * A family of models with the same block. One file each, in a package of its own; the registry is
 * {@link Architectures}.
 */
public interface Architecture {

  /** Value of {@code general.architecture}. */
  String name();

  /** Reads the sizes of a model. */
  ModelConfig config(GgufFile gguf);

  /** Rotary positions of a model. */
  Rope rope(GgufFile gguf, ModelConfig config, int maxTokens);

  /** Tensors of a layer's feed-forward block. */
  FeedForwardWeights feedForward(GgufFile gguf, ModelConfig config, int layer);

  /**
   * A layer around a feed-forward block.
   *
   * @param loader for the layer's tensors; the block closes it
   */
  TransformerBlock block(LayerLoader loader, ModelConfig config, FeedForward feedForward);

  /**
   * Final norm and output matrix.
   *
   * @param loader for the tensors outside the layers; the head closes it
   * @param output name of the output matrix: {@code output}, or {@code token_embd} where they are
   *     tied
   */
  OutputHead head(LayerLoader loader, ModelConfig config, String output);
}
