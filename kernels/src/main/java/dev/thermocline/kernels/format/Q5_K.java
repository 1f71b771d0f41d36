package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * As {@link Q4_K} with a fifth bit: 32 bytes before the nibbles, in which byte i holds the bits of
 * element i of the eight groups.
 */
public final class Q5_K implements EncodableFormat {
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
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    GroupEncoder encoder = new GroupEncoder(31);
    for (int i = 0; i < count; i += 256) {
      long at = targetOffset + i / 256 * 176L;
      pack(encoder.encode(source, offset + i, target, at), target, at);
    }
  }

  private static void pack(int[] codes, MemorySegment target, long at) {
    for (int i = 0; i < 32; i++) {
      int fifths = 0;
      for (int group = 0; group < 8; group++) {
        fifths |= codes[group * 32 + i] >> 4 << group;
      }
      target.set(ValueLayout.JAVA_BYTE, at + 16 + i, (byte) fifths);
    }
    for (int i = 0; i < 128; i++) {
      int first = i / 32 * 64 + i % 32;
      int pair = codes[first] & 15 | codes[first + 32] << 4;
      target.set(ValueLayout.JAVA_BYTE, at + 48 + i, (byte) pair);
    }
  }

  @Override
  public String toString() {
    return "Q5_K";
  }
}
