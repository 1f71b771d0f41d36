package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * As {@link Q4_K} with a fifth bit: 32 bytes before the nibbles, in which byte i holds the bits of
 * element i of the eight groups.
 */
public final class Q5_K implements TensorFormat {
  static final Q5_K INSTANCE = new Q5_K();

  private Q5_K() {}

  @Override
  public int ggufId() {
    return 13;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 176;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 176;
    int i = (int) (index % 256);
    float scale = Blocks.half(data, block) * GroupScales.scale(data, block + 4, i / 32);
    float minimum = Blocks.half(data, block + 2) * GroupScales.minimum(data, block + 4, i / 32);
    int high = Blocks.unsigned(data, block + 16 + i % 32) >> i / 32 & 1;
    return scale * (Blocks.nibbleOfPair(data, block + 48, i) | high << 4) - minimum;
  }

  @Override
  public String toString() {
    return "Q5_K";
  }
}
