package dev.thermocline.kernels.cuda;

/** Adds up what lies in one buffer, each part aligned for the widest load. */
final class DeviceLayout {
  private static final long ALIGNMENT = 256;

  private long bytes;

  /** Reserves a part and returns its offset. */
  long add(long partBytes) {
    long at = bytes;
    bytes = (at + partBytes + ALIGNMENT - 1) & -ALIGNMENT;
    return at;
  }

  /** Bytes of the whole, never 0. */
  long bytes() {
    return Math.max(bytes, ALIGNMENT);
  }
}
