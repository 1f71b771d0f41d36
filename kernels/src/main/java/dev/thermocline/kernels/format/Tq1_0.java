package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * TQ1_0, blocks of 256 elements of three values: 48 bytes of five ternary digits, 4 bytes of four,
 * then a float16 scale; value = scale * (digit - 1). A byte holds its digits as a fraction: times
 * 3^n, the lower eight bits times three have digit n above them. Digit n of bytes 0 to 31 are
 * elements 32 n and following, that of bytes 32 to 47 elements 160 + 16 n, of the last four 240 + 4
 * n.
 */
public final class Tq1_0 implements TensorFormat {
  static final Tq1_0 INSTANCE = new Tq1_0();

  private Tq1_0() {}

  @Override
  public int ggufId() {
    return 34;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 54;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 54;
    int i = (int) (index % 256);
    int digit;
    if (i < 160) {
      digit = digit(Blocks.unsigned(data, block + i % 32), i / 32);
    } else if (i < 240) {
      digit = digit(Blocks.unsigned(data, block + 32 + i % 16), (i - 160) / 16);
    } else {
      digit = digit(Blocks.unsigned(data, block + 48 + i % 4), (i - 240) / 4);
    }
    return (digit - 1) * Blocks.half(data, block + 52);
  }

  private static int digit(int fraction, int n) {
    int power = 1;
    for (int k = 0; k < n; k++) {
      power *= 3;
    }
    return (fraction * power & 255) * 3 >> 8;
  }

  @Override
  public String toString() {
    return "TQ1_0";
  }
}
