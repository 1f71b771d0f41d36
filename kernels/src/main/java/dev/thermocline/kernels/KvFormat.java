package dev.thermocline.kernels;

/** How the elements of a key-value cache are stored. */
public enum KvFormat {
  /** float32. */
  F32(4),
  /** float16. */
  F16(2);

  private final int elementBytes;

  KvFormat(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  /** Bytes of a head's key or value of {@code size} elements. */
  public long rowBytes(int size) {
    return (long) size * elementBytes;
  }
}
