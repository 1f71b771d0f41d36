package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256 in groups of 16: for each group a byte with a scale (low four bits) and a minimum,
 * 64 bytes of two-bit quants, a float16 scale and a float16 minimum for all; value = scale * group
 * scale * quant - minimum * group minimum. A byte holds the quants of four groups, 32 elements
 * apart.
 */
public final class Q2_K implements TensorFormat {
  static final Q2_K INSTANCE = new Q2_K();

  private Q2_K() {}

  @Override
  public int ggufId() {
    return 10;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 84;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 84;
    int i = (int) (index % 256);
    int group = Blocks.unsigned(data, block + i / 16);
    float scale = Blocks.half(data, block + 80) * (group & 15);
    float minimum = Blocks.half(data, block + 82) * (group >> 4);
    return scale * Blocks.pairOfBits(data, block + 16, i) - minimum;
  }

  @Override
  public String toString() {
    return "Q2_K";
  }
}
