package dev.thermocline.kernels;

/**
 * Geometry of a layer's key-value cache.
 *
 * @param pages number of pages of {@link TokenBatch#PAGE} positions
 * @param kvHeads key-value heads
 * @param headSize elements of a head's key and of its value
 * @param half whether elements are stored as float16 instead of float32
 */
public record KvShape(int pages, int kvHeads, int headSize, boolean half) {
  public KvShape {
    if (pages < 1 || kvHeads < 1 || headSize < 1) {
      throw new IllegalArgumentException(
          "kv cache: expected positive dimensions, got "
              + pages
              + " pages, "
              + kvHeads
              + " heads of "
              + headSize);
    }
  }

  /** Bytes of keys and values together. */
  public long bytes() {
    return 2L * pages * TokenBatch.PAGE * kvHeads * headSize * (half ? 2 : 4);
  }
}
