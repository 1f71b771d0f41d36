package dev.thermocline.models;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.KvShape;
import org.jspecify.annotations.Nullable;

/**
 * Sizes and constants of a model, as its file gives them.
 *
 * @param architecture such as {@code llama}
 * @param nLayer number of transformer blocks
 * @param nEmbd width of the residual stream
 * @param nFf neurons of a feed-forward block, or of an expert of it
 * @param nVocab rows of the embedding table and number of logits
 * @param contextLength positions the model was trained for
 * @param norm how the residual stream is normalised
 * @param attention heads and what they see
 * @param rope rotary positions
 * @param activation non-linearity of the feed-forward blocks
 * @param gated whether the feed-forward blocks have a gate
 * @param parallel whether feed-forward and attention both read the layer's input, where an
 *     architecture leaves that to the file
 * @param experts experts of the feed-forward blocks, or null where they are dense
 * @param scales factors on the way from the embedding to the logits
 */
public record ModelConfig(
    String architecture,
    int nLayer,
    int nEmbd,
    int nFf,
    int nVocab,
    int contextLength,
    NormConfig norm,
    AttentionConfig attention,
    RopeConfig rope,
    ActivationFunction activation,
    boolean gated,
    boolean parallel,
    @Nullable ExpertConfig experts,
    ScaleConfig scales) {

  private static final int MAX_WIDTH = 1 << 24;

  public ModelConfig {
    if ((long) attention.nHead() * attention.longestHead() > MAX_WIDTH) {
      throw new UnsupportedModelException(
          architecture
              + ": expected heads of together at most "
              + MAX_WIDTH
              + " elements, got "
              + attention.nHead()
              + " of "
              + attention.longestHead());
    }
    if (attention.nHead() % attention.nKvHead() != 0) {
      throw new UnsupportedModelException(
          architecture
              + ": expected query heads to be a multiple of key-value heads, got "
              + attention.nHead()
              + " and "
              + attention.nKvHead());
    }
    if (rope.dimensions() > attention.headSize() || rope.dimensions() % 2 != 0) {
      throw new UnsupportedModelException(
          architecture
              + ": expected an even number of rotated elements of at most the head size "
              + attention.headSize()
              + ", got "
              + rope.dimensions());
    }
  }

  /** Query heads. */
  public int nHead() {
    return attention.nHead();
  }

  /** Key-value heads, a divisor of {@link #nHead}. */
  public int nKvHead() {
    return attention.nKvHead();
  }

  /** Elements of a head's query and key; {@code nHead * headSize} may differ from {@code nEmbd}. */
  public int headSize() {
    return attention.headSize();
  }

  /** Elements of a head's value. */
  public int valueSize() {
    return attention.valueSize();
  }

  /** Width of all queries together. */
  public int queryWidth() {
    return nHead() * headSize();
  }

  /** Width of all keys together. */
  public int keyWidth() {
    return nKvHead() * headSize();
  }

  /** Width of all values together. */
  public int valueWidth() {
    return nKvHead() * valueSize();
  }

  /** Width of the output of all heads together. */
  public int attendedWidth() {
    return nHead() * valueSize();
  }

  /** Neurons of all experts of a layer together, or of its one feed-forward block. */
  public int neuronsPerLayer() {
    return experts == null ? nFf : nFf * experts.count();
  }

  /** Geometry of a layer's key-value cache. */
  public KvShape kvShape(int pages, KvFormat format) {
    return new KvShape(pages, nKvHead(), headSize(), valueSize(), format);
  }

  /** How a layer's queries meet its keys. */
  public AttentionShape attentionShape(int layer) {
    return new AttentionShape(
        nHead(), attention.scale(), attention.softCap(), attention.window().of(layer));
  }
}
