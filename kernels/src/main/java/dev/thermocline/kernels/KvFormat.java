package dev.thermocline.kernels;

/** How the elements of a key-value cache are stored. */
public enum KvFormat {
  /** float32. */
  F32(1, 4),
  /** float16. */
  F16(1, 2),
  /**
   * Blocks of 32 as the tensor format of that name has them: a float16 scale, then 32 signed bytes.
   * A head whose size is no multiple of 32 has zeros at its end.
   */
  Q8_0(32, 34);

  private final int blockElements;
  private final int blockBytes;

  KvFormat(int blockElements, int blockBytes) {
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** Elements stored for a head's key or value of {@code size}: whole blocks. */
  public int stored(int size) {
    return (size + blockElements - 1) / blockElements * blockElements;
  }

  /** Bytes of a head's key or value of {@code size} elements. */
  public long rowBytes(int size) {
    return (long) stored(size) / blockElements * blockBytes;
  }
}
