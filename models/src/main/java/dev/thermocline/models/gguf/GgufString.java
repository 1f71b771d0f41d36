package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A string in a file: its length in eight bytes, then UTF-8. Already checked to lie inside. */
final class GgufString {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GgufString() {}

  static long length(MemorySegment file, long offset) {
    return file.get(LONG, offset);
  }

  static MemorySegment bytes(MemorySegment file, long offset) {
    return file.asSlice(offset + 8, length(file, offset));
  }

  /** The text; malformed UTF-8 becomes replacement characters. */
  static String text(MemorySegment file, long offset) {
    return new String(bytes(file, offset).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Moves past a string of at most {@code limit} bytes. */
  static void skip(ByteReader reader, String field, long limit) {
    long at = reader.position();
    long length = reader.readLong(field);
    if (length < 0 || length > limit) {
      throw new GgufFormatException(
          field, at, "expected at most " + limit + " bytes, got " + Long.toUnsignedString(length));
    }
    reader.advance(length, field);
  }
}
