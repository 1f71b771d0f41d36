package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32: a float16 scale, a float16 minimum, then 16 bytes with elements i (low four bits)
 * and i + 16 (high four bits); value = scale * nibble + minimum.
 */
public final class Q4_1 implements TensorFormat {
  static final Q4_1 INSTANCE = new Q4_1();

  private Q4_1() {}

  @Override
  public int ggufId() {
    return 3;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 20;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 32 * 20;
    int i = (int) (index % 32);
    return Blocks.half(data, block) * Blocks.nibble(data, block + 4, i)
        + Blocks.half(data, block + 2);
  }

  @Override
  public String toString() {
    return "Q4_1";
  }
}
