package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 32: a float16 scale, a float16 minimum, then 16 bytes with elements i (low four bits)
 * and i + 16 (high four bits); value = scale * nibble + minimum.
 */
public final class Q4_1 implements EncodableFormat {
  static final Q4_1 INSTANCE = new Q4_1();

  private Q4_1() {}

  @Override
  public int ggufId() {
    return 3;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 20;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 32 * 20;
    int i = (int) (index % 32);
    return Blocks.half(data, block) * Blocks.nibble(data, block + 4, i)
        + Blocks.half(data, block + 2);
  }

  @Override
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    for (int i = 0; i < count; i += 32) {
      encodeBlock(source, offset + i, target, targetOffset + i / 32 * 20L);
    }
  }

  private static void encodeBlock(float[] source, int offset, MemorySegment target, long at) {
    float minimum = Blocks.minimum(source, offset);
    float scale = (Blocks.maximum(source, offset) - minimum) / 15f;
    float inverse = scale == 0 ? 0 : 1f / scale;
    Blocks.setHalf(target, at, scale);
    Blocks.setHalf(target, at + 2, minimum);
    for (int i = 0; i < 16; i++) {
      int low = Math.min(15, (int) ((source[offset + i] - minimum) * inverse + 0.5f));
      int high = Math.min(15, (int) ((source[offset + i + 16] - minimum) * inverse + 0.5f));
      target.set(ValueLayout.JAVA_BYTE, at + 4 + i, (byte) (low | high << 4));
    }
  }

  @Override
  public String toString() {
    return "Q4_1";
  }
}
