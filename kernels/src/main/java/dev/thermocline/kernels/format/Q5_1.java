package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 32: a float16 scale, a float16 minimum, 32 fifth bits, then 16 bytes of low nibbles as
 * in {@link Q4_0}; value = scale * five bits + minimum.
 */
public final class Q5_1 implements EncodableFormat {
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
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    for (int i = 0; i < count; i += 32) {
      encodeBlock(source, offset + i, target, targetOffset + i / 32 * 24L);
    }
  }

  private static void encodeBlock(float[] source, int offset, MemorySegment target, long at) {
    float minimum = Blocks.minimum(source, offset);
    float scale = (Blocks.maximum(source, offset) - minimum) / 31f;
    float inverse = scale == 0 ? 0 : 1f / scale;
    Blocks.setHalf(target, at, scale);
    Blocks.setHalf(target, at + 2, minimum);
    int fifths = 0;
    for (int i = 0; i < 16; i++) {
      int low = Math.min(31, (int) ((source[offset + i] - minimum) * inverse + 0.5f));
      int high = Math.min(31, (int) ((source[offset + i + 16] - minimum) * inverse + 0.5f));
      target.set(ValueLayout.JAVA_BYTE, at + 8 + i, (byte) (low & 15 | high << 4));
      fifths |= low >> 4 << i | high >> 4 << i + 16;
    }
    target.set(ValueLayout.JAVA_INT_UNALIGNED, at + 4, fifths);
  }

  @Override
  public String toString() {
    return "Q5_1";
  }
}
