package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IEEE 754 single precision. */
public final class F32 implements EncodableFormat {
  static final F32 INSTANCE = new F32();

  private F32() {}

  @Override
  public int ggufId() {
    return 0;
  }

  @Override
  public int blockElements() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return 4;
  }

  @Override
  public float element(MemorySegment data, long index) {
    return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4);
  }

  @Override
  public void decode(MemorySegment data, long offset, float[] out, int outOffset, int count) {
    MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, out, outOffset, count);
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    MemorySegment.copy(
        source, offset, target, ValueLayout.JAVA_FLOAT_UNALIGNED, targetOffset, count);
  }

  @Override
  public String toString() {
    return "F32";
  }
}
