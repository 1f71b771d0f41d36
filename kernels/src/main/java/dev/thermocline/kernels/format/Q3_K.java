package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256 in groups of 16: 32 bytes of third bits, 64 bytes of the two lower bits as in
 * {@link Q2_K}, 16 group scales of six bits and a float16 scale for all; value = scale * (group
 * scale - 32) * (quant - 4).
 */
public final class Q3_K implements TensorFormat {
  static final Q3_K INSTANCE = new Q3_K();

  private Q3_K() {}

  @Override
  public int ggufId() {
    return 11;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 110;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 110;
    int i = (int) (index % 256);
    float scale = Blocks.half(data, block + 108) * (groupScale(data, block + 96, i / 16) - 32);
    int high = Blocks.unsigned(data, block + i % 32) >> i / 32 & 1;
    return scale * ((Blocks.pairOfBits(data, block + 32, i) | high << 2) - 4);
  }

  /** Low nibbles of groups 0 to 7, high ones of groups 8 to 15; then two upper bits of each. */
  private static int groupScale(MemorySegment data, long scales, int group) {
    int low = Blocks.unsigned(data, scales + group % 8) >> group / 8 * 4 & 15;
    int high = Blocks.unsigned(data, scales + 8 + group % 4) >> group / 4 * 2 & 3;
    return low | high << 4;
  }

  @Override
  public String toString() {
    return "Q3_K";
  }
}
