package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 256 in groups of 32: a float16 scale and a float16 minimum for all, {@linkplain
 * GroupScales six bits} of both for each group, then 32 bytes for each two groups, low and high
 * nibbles; value = scale * group scale * nibble - minimum * group minimum.
 */
public final class Q4_K implements EncodableFormat {
  static final Q4_K INSTANCE = new Q4_K();

  private Q4_K() {}

  @Override
  public int ggufId() {
    return 12;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 144;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 144;
    int i = (int) (index % 256);
    float scale = Blocks.half(data, block) * GroupScales.scale(data, block + 4, i / 32);
    float minimum = Blocks.half(data, block + 2) * GroupScales.minimum(data, block + 4, i / 32);
    return scale * Blocks.nibbleOfPair(data, block + 16, i) - minimum;
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    GroupEncoder encoder = new GroupEncoder(15);
    for (int i = 0; i < count; i += 256) {
      long at = targetOffset + i / 256 * 144L;
      pack(encoder.encode(source, offset + i, target, at), target, at);
    }
  }

  private static void pack(int[] codes, MemorySegment target, long at) {
    for (int i = 0; i < 128; i++) {
      int first = i / 32 * 64 + i % 32;
      int pair = codes[first] | codes[first + 32] << 4;
      target.set(ValueLayout.JAVA_BYTE, at + 16 + i, (byte) pair);
    }
  }

  @Override
  public String toString() {
    return "Q4_K";
  }
}
