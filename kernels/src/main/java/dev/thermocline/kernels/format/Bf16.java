package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The upper half of a single-precision float. */
public final class Bf16 implements EncodableFormat {
  static final Bf16 INSTANCE = new Bf16();

  private Bf16() {}

  @Override
  public int ggufId() {
    return 30;
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
    return Float.intBitsToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2) << 16);
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    for (int i = 0; i < count; i++) {
      target.set(
          ValueLayout.JAVA_SHORT_UNALIGNED, targetOffset + 2L * i, round(source[offset + i]));
    }
  }

  /** To nearest, ties to even; a NaN stays one. */
  private static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 64);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  @Override
  public String toString() {
    return "BF16";
  }
}
