package dev.thermocline.kernels.cuda;

/** Types of kernel arguments, as a launch sets them. */
public enum ArgumentType {
  /** A device address; {@code T*} in the kernel. */
  ADDRESS(8),
  /** A 64-bit integer; {@code long long} in the kernel. */
  LONG(8),
  /** A 32-bit integer; {@code int} or {@code unsigned} in the kernel. */
  INT(4),
  /** A 32-bit float. */
  FLOAT(4);

  private final int bytes;

  ArgumentType(int bytes) {
    this.bytes = bytes;
  }

  /** Its size, which is its alignment too. */
  public int bytes() {
    return bytes;
  }
}
