package dev.thermocline.kernels;

/**
 * Geometry of a layer's key-value cache.
 *
 * @param pages number of pages of {@link TokenBatch#PAGE} positions
 * @param kvHeads key-value heads
 * @param headSize elements of a head's key
 * @param valueSize elements of a head's value
 * @param half whether elements are stored as float16 instead of float32
 */
public record KvShape(int pages, int kvHeads, int headSize, int valueSize, boolean half) {
  public KvShape {
    if (pages < 1 || kvHeads < 1 || headSize < 1 || valueSize < 1) {
      throw new IllegalArgumentException(
          "kv cache: expected positive dimensions, got "
              + pages
              + " pages, "
              + kvHeads
              + " heads of "
              + headSize
              + " and "
              + valueSize);
    }
  }

  /** With keys and values of the same length. */
  public KvShape(int pages, int kvHeads, int headSize, boolean half) {
    this(pages, kvHeads, headSize, headSize, half);
  }

  /** Bytes of all keys. */
  public long keyBytes() {
    return bytes(headSize);
  }

  /** Bytes of all values. */
  public long valueBytes() {
    return bytes(valueSize);
  }

  /** Bytes of keys and values together. */
  public long bytes() {
    return keyBytes() + valueBytes();
  }

  private long bytes(int size) {
    return (long) pages * TokenBatch.PAGE * kvHeads * size * (half ? 2 : 4);
  }
}
