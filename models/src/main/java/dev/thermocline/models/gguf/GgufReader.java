package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of a GGUF file, version 2 or 3, after the specification in ggml's {@code
 * docs/gguf.md}. The file is hostile until proven otherwise: every count, length, dimension and
 * offset is checked against the file's size before anything is allocated for it.
 */
final class GgufReader {
  private static final int MAX_KEYS = 1 << 16;
  private static final int MAX_TENSORS = 1 << 16;

  /** The specification allows 65535; a longer key than this one is a damaged length. */
  private static final int MAX_KEY_BYTES = 1024;

  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_NESTING = 4;
  private static final int MAX_ALIGNMENT = 1 << 20;

  /** Key length, one byte of key, value type and one byte of value. */
  private static final int MIN_KEY_BYTES = 8 + 1 + 4 + 1;

  /** Name length, one byte of name, dimension count, one dimension, type and offset. */
  private static final int MIN_TENSOR_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

  private final MemorySegment file;
  private final ByteReader reader;

  private GgufReader(MemorySegment file) {
    this.file = file;
    this.reader = new ByteReader(file);
  }

  /**
   * A file's content.
   *
   * @param magic {@code GGUF} or {@code PWRI}
   */
  record Head(
      String magic,
      int version,
      GgufMetadata metadata,
      int alignment,
      Map<String, GgufTensorInfo> tensors) {}

  static Head read(MemorySegment file) {
    return new GgufReader(file).head();
  }

  private Head head() {
    String magic = magic();
    int version = version();
    // Both counts are checked against what is left of the file together with their limits.
    int tensorCount = reader.readCount("tensor count", MIN_TENSOR_BYTES, MAX_TENSORS);
    int keyCount = reader.readCount("metadata count", MIN_KEY_BYTES, MAX_KEYS);
    GgufMetadata metadata = metadata(keyCount);
    int alignment = alignment(metadata);
    return new Head(magic, version, metadata, alignment, tensors(tensorCount, alignment));
  }

  private String magic() {
    int magic = reader.readInt("magic");
    return switch (magic) {
      case 0x46554747 -> "GGUF";
      case 0x49525750 -> "PWRI";
      default ->
          throw new GgufFormatException(
              "magic", 0, "expected GGUF or PWRI, got " + printable(magic) + ": not a GGUF file");
    };
  }

  private static String printable(int magic) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      int c = magic >>> 8 * i & 0xff;
      text.append(c > 32 && c < 127 ? String.valueOf((char) c) : String.format("\\x%02x", c));
    }
    return text.toString();
  }

  private int version() {
    int version = reader.readInt("version");
    if (version == 2 || version == 3) {
      return version;
    }
    if (version == 0x02000000 || version == 0x03000000) {
      throw new GgufFormatException(
          "version", 4, "the file is big-endian; expected a little-endian one");
    }
    throw new GgufFormatException(
        "version", 4, "expected 2 or 3, got " + Integer.toUnsignedString(version));
  }

  private GgufMetadata metadata(int count) {
    Map<String, GgufMetadata.Entry> entries = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      long at = reader.position();
      String key = name("metadata key " + i, MAX_KEY_BYTES);
      GgufType type = GgufType.of(reader.readInt(key), key, reader.position() - 4);
      if (entries.put(key, entry(key, type)) != null) {
        throw new GgufFormatException(
            "metadata key " + i, at, "duplicate of '" + Printable.name(key) + "'");
      }
    }
    return new GgufMetadata(file, entries);
  }

  private GgufMetadata.Entry entry(String key, GgufType type) {
    if (type != GgufType.ARRAY) {
      long start = reader.position();
      skip(key, type, 0);
      return new GgufMetadata.Entry(type, start, type, 1, reader.position());
    }
    GgufType elementType = GgufType.of(reader.readInt(key), key, reader.position() - 4);
    int size = reader.readCount(key, elementType.minimumBytes(), Integer.MAX_VALUE - 8);
    long start = reader.position();
    skipElements(key, elementType, size, 1);
    return new GgufMetadata.Entry(type, start, elementType, size, reader.position());
  }

  private void skip(String key, GgufType type, int depth) {
    switch (type) {
      case STRING -> GgufString.skip(reader, key, Integer.MAX_VALUE - 8);
      case ARRAY -> skipArray(key, depth);
      default -> reader.advance(type.bytes(), key);
    }
  }

  private void skipArray(String key, int depth) {
    if (depth >= MAX_NESTING) {
      throw new GgufFormatException(
          key, reader.position(), "arrays are nested more than " + MAX_NESTING + " deep");
    }
    GgufType type = GgufType.of(reader.readInt(key), key, reader.position() - 4);
    int size = reader.readCount(key, type.minimumBytes(), Integer.MAX_VALUE - 8);
    skipElements(key, type, size, depth + 1);
  }

  private void skipElements(String key, GgufType type, int size, int depth) {
    if (type.bytes() > 0) {
      reader.advance((long) size * type.bytes(), key);
      return;
    }
    for (int i = 0; i < size; i++) {
      skip(key, type, depth);
    }
  }

  private String name(String field, int limit) {
    long at = reader.position();
    GgufString.skip(reader, field, limit);
    long length = reader.position() - at - 8;
    if (length == 0) {
      throw new GgufFormatException(field, at, "expected a name, got an empty one");
    }
    byte[] bytes = file.asSlice(at + 8, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int alignment(GgufMetadata metadata) {
    String key = "general.alignment";
    int alignment = metadata.integer(key, 1, MAX_ALIGNMENT, 32);
    if (Integer.bitCount(alignment) != 1) {
      throw new GgufFormatException(
          key, metadata.offset(key), "expected a power of two, got " + alignment);
    }
    return alignment;
  }

  private Map<String, GgufTensorInfo> tensors(int count, int alignment) {
    List<GgufTensorInfo> described = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      described.add(tensor(i, alignment));
    }
    long start = (reader.position() + alignment - 1) / alignment * alignment;
    Map<String, GgufTensorInfo> tensors = LinkedHashMap.newLinkedHashMap(count);
    for (GgufTensorInfo info : described) {
      GgufTensorInfo placed = place(info, start);
      if (tensors.put(info.name(), placed) != null) {
        throw new GgufFormatException(info.name(), -1, "two tensors have this name");
      }
    }
    return tensors;
  }

  /** Reads a description; its offset still counts from the start of the data. */
  private GgufTensorInfo tensor(int i, int alignment) {
    String name = name("tensor name " + i, MAX_NAME_BYTES);
    long at = reader.position();
    int dimensionCount = reader.readInt(name);
    if (dimensionCount < 1 || dimensionCount > MAX_DIMENSIONS) {
      throw new GgufFormatException(
          name, at, "expected 1 to 4 dimensions, got " + Integer.toUnsignedString(dimensionCount));
    }
    List<Long> dimensions = new ArrayList<>(dimensionCount);
    long elements = 1;
    for (int d = 0; d < dimensionCount; d++) {
      long dimension = dimension(name);
      if (dimension > Long.MAX_VALUE / 8 / elements) {
        throw new GgufFormatException(name, at, "the dimensions' product overflows");
      }
      elements *= dimension;
      dimensions.add(dimension);
    }
    int typeId = reader.readInt(name);
    long bytes = bytes(name, at, typeId, dimensions.getFirst(), elements);
    long offset = reader.readLong(name);
    if (offset < 0 || offset % alignment != 0) {
      throw new GgufFormatException(
          name,
          reader.position() - 8,
          "expected an offset that is a multiple of "
              + alignment
              + ", got "
              + Long.toUnsignedString(offset));
    }
    return new GgufTensorInfo(name, typeId, dimensions, offset, bytes);
  }

  private long dimension(String name) {
    long dimension = reader.readLong(name);
    if (dimension < 1) {
      throw new GgufFormatException(
          name,
          reader.position() - 8,
          "expected a positive dimension, got " + Long.toUnsignedString(dimension));
    }
    return dimension;
  }

  private static long bytes(String name, long at, int typeId, long cols, long elements) {
    @Nullable GgmlType type = GgmlType.byId(typeId).orElse(null);
    if (type == null) {
      return -1;
    }
    if (cols % type.blockElements() != 0) {
      throw new GgufFormatException(
          name,
          at,
          type + " rows need a multiple of " + type.blockElements() + " columns, got " + cols);
    }
    try {
      return Math.multiplyExact(elements / type.blockElements(), type.blockBytes());
    } catch (ArithmeticException overflow) {
      throw new GgufFormatException(name, at, "its size overflows");
    }
  }

  private GgufTensorInfo place(GgufTensorInfo info, long start) {
    long available = file.byteSize() - start;
    if (info.offset() > available || Math.max(info.bytes(), 0) > available - info.offset()) {
      throw new GgufFormatException(
          info.name(),
          -1,
          "needs "
              + info.bytes()
              + " bytes at offset "
              + info.offset()
              + " of the data, but the file holds "
              + Math.max(available, 0)
              + "; is it complete?");
    }
    return new GgufTensorInfo(
        info.name(), info.typeId(), info.dimensions(), start + info.offset(), info.bytes());
  }
}
