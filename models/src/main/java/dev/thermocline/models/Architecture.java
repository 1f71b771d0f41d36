package dev.thermocline.models;

import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.SequentialBlock;
import dev.thermocline.models.layers.TransformerBlock;

/**
 * A family of models with the same block. One small file each; the registry is {@link
 * Architectures}.
 */
public interface Architecture {

  /** Value of {@code general.architecture}. */
  String name();

  /** Reads sizes and constants of a model: what is special about the family is said here. */
  ModelConfig config(GgufFile gguf);

  /**
   * A layer around a feed-forward block; the usual one if an architecture says nothing else.
   *
   * @param loader for the layer's tensors; the block closes it
   * @param layer number of the layer
   */
  default TransformerBlock block(LayerLoader loader, int layer, FeedForward feedForward) {
    return SequentialBlock.load(loader, layer, feedForward);
  }

  /** Rows of a table of learned positions that come before that of the first position. */
  default int positionOffset() {
    return 0;
  }
}
