package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the block formats share. */
final class Blocks {
  private Blocks() {}

  static void check(TensorFormat format, int count) {
    if (count % format.blockElements() != 0) {
      throw new IllegalArgumentException(
          format
              + ": expected a multiple of "
              + format.blockElements()
              + " elements, got "
              + count);
    }
  }

  /** To nearest, halves away from zero, as C's {@code roundf}. */
  static int round(float value) {
    return (int) (value < 0 ? value - 0.5f : value + 0.5f);
  }

  /** Smallest of 32 values. */
  static float minimum(float[] source, int offset) {
    float minimum = Float.POSITIVE_INFINITY;
    for (int i = offset; i < offset + 32; i++) {
      minimum = Math.min(minimum, source[i]);
    }
    return minimum;
  }

  /** Largest of 32 values. */
  static float maximum(float[] source, int offset) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + 32; i++) {
      maximum = Math.max(maximum, source[i]);
    }
    return maximum;
  }

  /** The first of largest magnitude of 32 values, with its sign. */
  static float extreme(float[] source, int offset) {
    float extreme = 0;
    for (int i = offset; i < offset + 32; i++) {
      extreme = Math.abs(source[i]) > Math.abs(extreme) ? source[i] : extreme;
    }
    return extreme;
  }

  /** The float16 at a byte offset. */
  static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
  }

  static void setHalf(MemorySegment data, long at, float value) {
    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
  }

  static int unsigned(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 255;
  }

  static int unsignedShort(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
  }

  static int word(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_INT_UNALIGNED, at);
  }

  /** Nibble i of 32 in 16 bytes: byte i holds elements i (low) and i + 16 (high). */
  static int nibble(MemorySegment data, long at, int i) {
    return unsigned(data, at + i % 16) >> i / 16 * 4 & 15;
  }

  /** Nibble i of 256: 32 bytes hold elements 0 to 31 (low) and 32 to 63 (high) of every 64. */
  static int nibbleOfPair(MemorySegment data, long at, int i) {
    return unsigned(data, at + i / 64 * 32 + i % 32) >> i / 32 % 2 * 4 & 15;
  }

  /** Two bits of 256: 32 bytes hold four stripes of 32 elements, from the lowest bits up. */
  static int pairOfBits(MemorySegment data, long at, int i) {
    return unsigned(data, at + i / 128 * 32 + i % 32) >> i / 32 % 4 * 2 & 3;
  }
}
