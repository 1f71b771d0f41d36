package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Keys and values of a file, read when asked for. Getters without a fallback throw a {@link
 * GgufFormatException} that names the key, what was expected and what was found; getters with one
 * return it only where the key is absent, never where it has the wrong type.
 */
public final class GgufMetadata {

  /**
   * Where a value lies.
   *
   * @param type its type
   * @param offset its first byte; of an array, the first byte of its first element
   * @param elementType type of an array's elements, else {@code type}
   * @param size number of an array's elements, else 1
   * @param end byte after its last one
   */
  record Entry(GgufType type, long offset, GgufType elementType, int size, long end) {}

  private final MemorySegment file;
  private final Map<String, Entry> entries;

  GgufMetadata(MemorySegment file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** All keys, in the order of the file. */
  public Set<String> keys() {
    return entries.keySet();
  }

  public boolean contains(String key) {
    return entries.containsKey(key);
  }

  /** Type of a key's value. */
  public GgufType type(String key) {
    return entry(key, "a value").type();
  }

  public String string(String key) {
    Entry entry = entry(key, "a string");
    if (entry.type() != GgufType.STRING) {
      throw wrongType(key, "a string", entry);
    }
    return GgufString.text(file, entry.offset());
  }

  public String string(String key, String fallback) {
    return contains(key) ? string(key) : fallback;
  }

  /** An integer of any width. */
  public long integer(String key) {
    Entry entry = entry(key, "an integer");
    if (!entry.type().isInteger()) {
      throw wrongType(key, "an integer", entry);
    }
    return Scalars.integer(file, entry.type(), entry.offset());
  }

  public long integer(String key, long fallback) {
    return contains(key) ? integer(key) : fallback;
  }

  /** An integer between {@code min} and {@code max}, both included. */
  public int integer(String key, int min, int max) {
    long value = integer(key);
    if (value < min || value > max) {
      throw new GgufFormatException(
          key, entry(key, "").offset(), "expected " + min + " to " + max + ", found " + value);
    }
    return (int) value;
  }

  /** An integer between {@code min} and {@code max}, or {@code fallback} where it is absent. */
  public int integer(String key, int min, int max, int fallback) {
    return contains(key) ? integer(key, min, max) : fallback;
  }

  /** A float or an integer. */
  public double number(String key) {
    Entry entry = entry(key, "a number");
    if (entry.type().isFloat()) {
      return Scalars.floating(file, entry.type(), entry.offset());
    }
    if (entry.type().isInteger()) {
      return Scalars.integer(file, entry.type(), entry.offset());
    }
    throw wrongType(key, "a number", entry);
  }

  public double number(String key, double fallback) {
    return contains(key) ? number(key) : fallback;
  }

  public boolean bool(String key) {
    Entry entry = entry(key, "a boolean");
    if (entry.type() != GgufType.BOOL) {
      throw wrongType(key, "a boolean", entry);
    }
    return Scalars.integer(file, GgufType.BOOL, entry.offset()) != 0;
  }

  public boolean bool(String key, boolean fallback) {
    return contains(key) ? bool(key) : fallback;
  }

  public GgufArray array(String key) {
    Entry entry = entry(key, "an array");
    if (entry.type() != GgufType.ARRAY) {
      throw wrongType(key, "an array", entry);
    }
    return new GgufArray(key, file, entry.elementType(), entry.offset(), entry.size());
  }

  /** Value of any type for people: text, number, or the size of an array. */
  public String describe(String key) {
    Entry entry = entry(key, "a value");
    return switch (entry.type()) {
      case STRING -> string(key);
      case ARRAY -> array(key).toString();
      case BOOL -> Boolean.toString(bool(key));
      case FLOAT32 -> Float.toString((float) number(key));
      case FLOAT64 -> Double.toString(number(key));
      case UINT64 -> Long.toUnsignedString(integer(key));
      default -> Long.toString(integer(key));
    };
  }

  /** Writes a value without its type, as the file has it. */
  void copyTo(String key, ByteSink out) {
    Entry entry = entry(key, "a value");
    if (entry.type() == GgufType.ARRAY) {
      out.int32(entry.elementType().number()).int64(entry.size());
    }
    out.bytes(file.asSlice(entry.offset(), entry.end() - entry.offset()));
  }

  /** Where the value of a key lies, -1 where it is absent. */
  long offset(String key) {
    Entry entry = entries.get(key);
    return entry == null ? -1 : entry.offset();
  }

  private Entry entry(String key, String expected) {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw new GgufFormatException(key, -1, "expected " + expected + ", but the key is missing");
    }
    return entry;
  }

  private static GgufFormatException wrongType(String key, String expected, Entry entry) {
    return new GgufFormatException(
        key, entry.offset(), "expected " + expected + ", found " + entry.type());
  }
}
