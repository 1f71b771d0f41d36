package dev.thermocline.kernels;

/**
 * Geometry of a layer's key-value cache.
 *
 * @param pages number of pages of {@link TokenBatch#PAGE} positions
 * @param kvHeads key-value heads
 * @param headSize elements of a head's key
 * @param valueSize elements of a head's value
 * @param format how elements are stored
 */
public record KvShape(int pages, int kvHeads, int headSize, int valueSize, KvFormat format) {
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
  public KvShape(int pages, int kvHeads, int headSize, KvFormat format) {
    this(pages, kvHeads, headSize, headSize, format);
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
    return pages * pageBytes(size);
  }

  /** Bytes of the keys of a page. */
  public long pageKeyBytes() {
    return pageBytes(headSize);
  }

  /** Bytes of the values of a page. */
  public long pageValueBytes() {
    return pageBytes(valueSize);
  }

  private long pageBytes(int size) {
    return (long) TokenBatch.PAGE * kvHeads * format.rowBytes(size);
  }
}
