package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 32: a float16 scale, then 16 bytes with elements i (low four bits) and i + 16 (high
 * four bits); value = scale * (nibble - 8).
 */
public final class Q4_0 implements EncodableFormat {
  static final Q4_0 INSTANCE = new Q4_0();

  private Q4_0() {}

  @Override
  public int ggufId() {
    return 2;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 18;
  }

  @Override
  public float element(MemorySegment data, long index) {
    long block = index / 32 * 18;
    int i = (int) (index % 32);
    float scale = Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, block));
    int pair = data.get(ValueLayout.JAVA_BYTE, block + 2 + i % 16);
    return scale * ((pair >> (i < 16 ? 0 : 4) & 15) - 8);
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    for (int i = 0; i < count; i += 32) {
      encodeBlock(source, offset + i, target, targetOffset + i / 32 * 18L);
    }
  }

  private static void encodeBlock(float[] source, int offset, MemorySegment target, long at) {
    float extreme = Blocks.extreme(source, offset);
    // The element of largest magnitude, with its sign, becomes -8, the one code without a positive
    // twin.
    float scale = extreme / -8f;
    float inverse = scale == 0 ? 0 : 1f / scale;
    target.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(scale));
    for (int i = 0; i < 16; i++) {
      int low = Math.min(15, (int) (source[offset + i] * inverse + 8.5f));
      int high = Math.min(15, (int) (source[offset + i + 16] * inverse + 8.5f));
      target.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (low | high << 4));
    }
  }

  @Override
  public String toString() {
    return "Q4_0";
  }
}
