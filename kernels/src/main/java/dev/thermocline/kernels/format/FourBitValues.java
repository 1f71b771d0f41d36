package dev.thermocline.kernels.format;

/** What the nibbles of formats stand for that are not evenly spaced. */
public final class FourBitValues {
  private static final byte[] LEVELS = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };
  private static final byte[] DOUBLED_E2M1 = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  private FourBitValues() {}

  /** The 16 levels of {@link Iq4Nl} and {@link Iq4Xs}. */
  public static byte[] levels() {
    return LEVELS.clone();
  }

  /** Twice the 16 values of {@link Mxfp4}, of which the second half are the negative ones. */
  public static byte[] doubledE2m1() {
    return DOUBLED_E2M1.clone();
  }

  /** Half of the power of two that an exponent byte of {@link Mxfp4} stands for: 2^(e - 128). */
  public static float halfPowerOfTwo(int exponent) {
    // The two smallest are subnormal floats.
    return Float.intBitsToFloat(exponent < 2 ? 0x200000 << exponent : exponent - 1 << 23);
  }

  static byte level(int nibble) {
    return LEVELS[nibble];
  }

  static byte doubledE2m1(int nibble) {
    return DOUBLED_E2M1[nibble];
  }
}
