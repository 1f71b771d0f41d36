package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An array of metadata values, read from the file when asked for: a million numbers cost no object.
 * Strings need an index of eight bytes each, built when the first one is read.
 */
public final class GgufArray {
  private final String key;
  private final MemorySegment file;
  private final GgufType type;
  private final long offset;
  private final int size;
  private volatile long @Nullable [] strings;

  GgufArray(String key, MemorySegment file, GgufType type, long offset, int size) {
    this.key = key;
    this.file = file;
    this.type = type;
    this.offset = offset;
    this.size = size;
  }

  /** Type of the elements. */
  public GgufType type() {
    return type;
  }

  public int size() {
    return size;
  }

  /**
   * Element {@code i} as text.
   *
   * @throws GgufFormatException if the elements are no strings
   */
  public String string(int i) {
    return GgufString.text(file, stringOffset(i));
  }

  /** UTF-8 bytes of element {@code i}, a view of the file. */
  public MemorySegment bytes(int i) {
    return GgufString.bytes(file, stringOffset(i));
  }

  /**
   * Element {@code i} as an integer.
   *
   * @throws GgufFormatException if the elements are neither integers nor booleans
   */
  public long integer(int i) {
    if (!type.isInteger() && type != GgufType.BOOL) {
      throw wrongType("integers");
    }
    return Scalars.integer(file, type, elementOffset(i));
  }

  /**
   * Element {@code i} as a number.
   *
   * @throws GgufFormatException if the elements are no numbers
   */
  public double number(int i) {
    if (type.isFloat()) {
      return Scalars.floating(file, type, elementOffset(i));
    }
    return integer(i);
  }

  /**
   * All elements as floats.
   *
   * @throws GgufFormatException if the elements are no numbers
   */
  public float[] toFloats() {
    float[] values = new float[size];
    if (type == GgufType.FLOAT32) {
      ValueLayout.OfFloat layout =
          ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      MemorySegment.copy(file, layout, offset, values, 0, size);
      return values;
    }
    for (int i = 0; i < size; i++) {
      values[i] = (float) number(i);
    }
    return values;
  }

  private long elementOffset(int i) {
    return offset + (long) Objects.checkIndex(i, size) * type.bytes();
  }

  private long stringOffset(int i) {
    if (type != GgufType.STRING) {
      throw wrongType("strings");
    }
    Objects.checkIndex(i, size);
    long[] index = strings;
    if (index == null) {
      index = index();
      strings = index;
    }
    return index[i];
  }

  private long[] index() {
    long[] index = new long[size];
    long at = offset;
    for (int i = 0; i < size; i++) {
      index[i] = at;
      at += 8 + GgufString.length(file, at);
    }
    return index;
  }

  private GgufFormatException wrongType(String expected) {
    return new GgufFormatException(
        key, offset, "expected an array of " + expected + ", found one of " + type);
  }

  @Override
  public String toString() {
    return "array of " + size + " " + type;
  }
}
