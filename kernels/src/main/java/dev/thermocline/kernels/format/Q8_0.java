package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Blocks of 32: a float16 scale, then 32 signed bytes; value = scale * byte. */
public final class Q8_0 implements EncodableFormat {
  static final Q8_0 INSTANCE = new Q8_0();

  private Q8_0() {}

  @Override
  public int ggufId() {
    return 8;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 34;
  }

  @Override
  public float element(MemorySegment data, long index) {
    long block = index / 32 * 34;
    float scale = Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, block));
    return scale * data.get(ValueLayout.JAVA_BYTE, block + 2 + index % 32);
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    for (int i = 0; i < count; i += 32) {
      encodeBlock(source, offset + i, target, targetOffset + i / 32 * 34L);
    }
  }

  private static void encodeBlock(float[] source, int offset, MemorySegment target, long at) {
    float max = 0;
    for (int i = 0; i < 32; i++) {
      max = Math.max(max, Math.abs(source[offset + i]));
    }
    float scale = max / 127f;
    float inverse = scale == 0 ? 0 : 1f / scale;
    target.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(scale));
    for (int i = 0; i < 32; i++) {
      target.set(
          ValueLayout.JAVA_BYTE, at + 2 + i, (byte) Blocks.round(source[offset + i] * inverse));
    }
  }

  @Override
  public String toString() {
    return "Q8_0";
  }
}
