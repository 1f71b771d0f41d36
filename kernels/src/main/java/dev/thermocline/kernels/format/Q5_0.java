package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 32: a float16 scale, 32 fifth bits, then 16 bytes of low nibbles as in {@link Q4_0};
 * value = scale * (five bits - 16).
 */
public final class Q5_0 implements EncodableFormat {
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
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    for (int i = 0; i < count; i += 32) {
      encodeBlock(source, offset + i, target, targetOffset + i / 32 * 22L);
    }
  }

  private static void encodeBlock(float[] source, int offset, MemorySegment target, long at) {
    float extreme = Blocks.extreme(source, offset);
    // The element of largest magnitude, with its sign, becomes -16, as in Q4_0.
    float scale = extreme / -16f;
    float inverse = scale == 0 ? 0 : 1f / scale;
    Blocks.setHalf(target, at, scale);
    int fifths = 0;
    for (int i = 0; i < 16; i++) {
      int low = Math.min(31, (int) (source[offset + i] * inverse + 16.5f));
      int high = Math.min(31, (int) (source[offset + i + 16] * inverse + 16.5f));
      target.set(ValueLayout.JAVA_BYTE, at + 6 + i, (byte) (low & 15 | high << 4));
      fifths |= low >> 4 << i | high >> 4 << i + 16;
    }
    target.set(ValueLayout.JAVA_INT_UNALIGNED, at + 2, fifths);
  }

  @Override
  public String toString() {
    return "Q5_0";
  }
}
