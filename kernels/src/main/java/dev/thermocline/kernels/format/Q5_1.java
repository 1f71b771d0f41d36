package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32: a float16 scale, a float16 minimum, 32 fifth bits, then 16 bytes of low nibbles as
 * in {@link Q4_0}; value = scale * five bits + minimum.
 */
public final class Q5_1 implements TensorFormat {
  static final Q5_1 INSTANCE = new Q5_1();

  private Q5_1() {}

  @Override
  public int ggufId() {
    return 7;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 24;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 32 * 24;
    int i = (int) (index % 32);
    int high = Blocks.word(data, block + 4) >>> i & 1;
    int quant = Blocks.nibble(data, block + 8, i) | high << 4;
    return Blocks.half(data, block) * quant + Blocks.half(data, block + 2);
  }

  @Override
  public String toString() {
    return "Q5_1";
  }
}
