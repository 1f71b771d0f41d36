package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Single metadata values at known places. */
final class Scalars {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);

  private Scalars() {}

  /** An integer or a boolean; a UINT64 past the long range comes out negative. */
  static long integer(MemorySegment file, GgufType type, long at) {
    return switch (type) {
      case UINT8, BOOL -> file.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      case INT8 -> file.get(ValueLayout.JAVA_BYTE, at);
      case UINT16 -> file.get(SHORT, at) & 0xffff;
      case INT16 -> file.get(SHORT, at);
      case UINT32 -> file.get(INT, at) & 0xffffffffL;
      case INT32 -> file.get(INT, at);
      case UINT64, INT64 -> file.get(LONG, at);
      case FLOAT32, FLOAT64, STRING, ARRAY -> throw new AssertionError(type);
    };
  }

  static double floating(MemorySegment file, GgufType type, long at) {
    return type == GgufType.FLOAT32 ? file.get(FLOAT, at) : file.get(DOUBLE, at);
  }
}
