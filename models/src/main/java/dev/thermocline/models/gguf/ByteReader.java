package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads little-endian values from a file one after the other; never past its end. */
final class ByteReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private long position;

  ByteReader(MemorySegment file) {
    this.file = file;
  }

  long position() {
    return position;
  }

  long remaining() {
    return file.byteSize() - position;
  }

  int readInt(String field) {
    int value = file.get(INT, advance(4, field));
    return value;
  }

  long readLong(String field) {
    return file.get(LONG, advance(8, field));
  }

  /**
   * A count of things that take at least {@code minimumBytes} each, checked against what is left of
   * the file and a limit.
   */
  int readCount(String field, int minimumBytes, int limit) {
    long at = position;
    long count = readLong(field);
    long fits = Math.min(limit, remaining() / minimumBytes);
    if (count < 0 || count > fits) {
      throw new GgufFormatException(
          field, at, "expected at most " + fits + ", got " + Long.toUnsignedString(count));
    }
    return (int) count;
  }

  /** Skips bytes and returns where they began. */
  long advance(long bytes, String field) {
    if (bytes < 0 || bytes > remaining()) {
      throw new GgufFormatException(
          field,
          position,
          "needs "
              + Long.toUnsignedString(bytes)
              + " bytes, but the file ends after "
              + remaining());
    }
    long start = position;
    position += bytes;
    return start;
  }
}
