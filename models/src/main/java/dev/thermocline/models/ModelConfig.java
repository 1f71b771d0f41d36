package dev.thermocline.models;

import dev.thermocline.kernels.ActivationFunction;

/**
 * Sizes and constants of a model, as its file gives them.
 *
 * @param architecture such as {@code llama}
 * @param nLayer number of transformer blocks
 * @param nEmbd width of the residual stream
 * @param nHead query heads
 * @param nKvHead key-value heads, a divisor of {@code nHead}
 * @param headSize elements of a head; {@code nHead * headSize} may differ from {@code nEmbd}
 * @param nFf neurons of a feed-forward block
 * @param nVocab rows of the embedding table and number of logits
 * @param contextLength positions the model was trained for
 * @param normEpsilon added to the variance in norms
 * @param ropeDimensions leading elements of a head that rotary embedding turns
 * @param activation non-linearity of the feed-forward blocks
 * @param gated whether the feed-forward blocks have a gate
 */
public record ModelConfig(
    String architecture,
    int nLayer,
    int nEmbd,
    int nHead,
    int nKvHead,
    int headSize,
    int nFf,
    int nVocab,
    int contextLength,
    float normEpsilon,
    int ropeDimensions,
    ActivationFunction activation,
    boolean gated) {

  private static final int MAX_WIDTH = 1 << 24;

  public ModelConfig {
    if ((long) nHead * headSize > MAX_WIDTH) {
      throw new UnsupportedModelException(
          architecture
              + ": expected heads of together at most "
              + MAX_WIDTH
              + " elements, got "
              + nHead
              + " of "
              + headSize);
    }
    if (nHead % nKvHead != 0) {
      throw new UnsupportedModelException(
          architecture
              + ": expected query heads to be a multiple of key-value heads, got "
              + nHead
              + " and "
              + nKvHead);
    }
    if (ropeDimensions > headSize || ropeDimensions % 2 != 0) {
      throw new UnsupportedModelException(
          architecture
              + ": expected an even number of rotated elements of at most the head size "
              + headSize
              + ", got "
              + ropeDimensions);
    }
  }

  /** Width of all query heads together. */
  public int queryWidth() {
    return nHead * headSize;
  }

  /** Width of all key (or value) heads together. */
  public int kvWidth() {
    return nKvHead * headSize;
  }

  /** Factor of the dot products in attention. */
  public float attentionScale() {
    return (float) (1 / Math.sqrt(headSize));
  }
}
