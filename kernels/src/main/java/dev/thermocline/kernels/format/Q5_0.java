package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32: a float16 scale, 32 fifth bits, then 16 bytes of low nibbles as in {@link Q4_0};
 * value = scale * (five bits - 16).
 */
public final class Q5_0 implements TensorFormat {
  static final Q5_0 INSTANCE = new Q5_0();

  private Q5_0() {}

  @Override
  public int ggufId() {
    return 6;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 22;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 32 * 22;
    int i = (int) (index % 32);
    int high = Blocks.word(data, block + 2) >>> i & 1;
    return Blocks.half(data, block) * ((Blocks.nibble(data, block + 6, i) | high << 4) - 16);
  }

  @Override
  public String toString() {
    return "Q5_0";
  }
}
