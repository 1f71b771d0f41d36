package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * TQ2_0, blocks of 256 elements of three values: 64 bytes of two-bit codes as in {@link Q2_K}, then
 * a float16 scale; value = scale * (code - 1).
 */
public final class Tq2_0 implements TensorFormat {
  static final Tq2_0 INSTANCE = new Tq2_0();

  private Tq2_0() {}

  @Override
  public int ggufId() {
    return 35;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 66;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 66;
    int code = Blocks.pairOfBits(data, block, (int) (index % 256));
    return (code - 1) * Blocks.half(data, block + 64);
  }

  @Override
  public String toString() {
    return "TQ2_0";
  }
}
