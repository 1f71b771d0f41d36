package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IEEE 754 half precision. */
public final class F16 implements EncodableFormat {
  static final F16 INSTANCE = new F16();

  private F16() {}

  @Override
  public int ggufId() {
    return 1;
  }

  @Override
  public int blockElements() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return 2;
  }

  @Override
  public float element(MemorySegment data, long index) {
    return Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2));
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    for (int i = 0; i < count; i++) {
      short half = Float.floatToFloat16(source[offset + i]);
      target.set(ValueLayout.JAVA_SHORT_UNALIGNED, targetOffset + 2L * i, half);
    }
  }

  @Override
  public String toString() {
    return "F16";
  }
}
