package dev.thermocline.models.gguf;

/** Type of a metadata value; the ordinal is its number in the file. */
public enum GgufType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(0),
  ARRAY(0),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final GgufType[] ALL = values();

  private final int bytes;

  GgufType(int bytes) {
    this.bytes = bytes;
  }

  /** Number in the file. */
  @SuppressWarnings("EnumOrdinal") // the declaration order is the specification's
  int number() {
    return ordinal();
  }

  /** Bytes of a value, or 0 where they vary. */
  int bytes() {
    return bytes;
  }

  /** Fewest bytes that a value takes. */
  int minimumBytes() {
    return switch (this) {
      case STRING -> 8;
      case ARRAY -> 12;
      default -> bytes;
    };
  }

  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      default -> false;
    };
  }

  boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** The type with a number, read at {@code offset} for {@code field}. */
  static GgufType of(int number, String field, long offset) {
    if (number < 0 || number >= ALL.length) {
      throw new GgufFormatException(
          field,
          offset,
          "expected a value type of 0 to 12, got " + Integer.toUnsignedString(number));
    }
    return ALL[number];
  }
}
