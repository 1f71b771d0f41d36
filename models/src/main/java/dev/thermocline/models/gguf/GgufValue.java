package dev.thermocline.models.gguf;

import java.util.List;

/** A metadata value to be written. */
public final class GgufValue {

  /** Writes the value without its type. */
  private interface Body {
    void writeTo(ByteSink out);
  }

  private final GgufType type;
  private final Body body;

  private GgufValue(GgufType type, Body body) {
    this.type = type;
    this.body = body;
  }

  GgufType type() {
    return type;
  }

  void writeTo(ByteSink out) {
    body.writeTo(out);
  }

  public static GgufValue of(String value) {
    return new GgufValue(GgufType.STRING, out -> out.string(value));
  }

  /** An UINT32. */
  public static GgufValue of(int value) {
    return integer(GgufType.UINT32, value);
  }

  /** A FLOAT32. */
  public static GgufValue of(float value) {
    return new GgufValue(GgufType.FLOAT32, out -> out.int32(Float.floatToRawIntBits(value)));
  }

  /** A FLOAT64. */
  public static GgufValue of(double value) {
    return new GgufValue(GgufType.FLOAT64, out -> out.int64(Double.doubleToRawLongBits(value)));
  }

  public static GgufValue of(boolean value) {
    return new GgufValue(GgufType.BOOL, out -> out.bytes(value ? 1 : 0, 1));
  }

  /**
   * An integer of any width.
   *
   * @throws IllegalArgumentException if {@code type} is no integer
   */
  public static GgufValue integer(GgufType type, long value) {
    if (!type.isInteger()) {
      throw new IllegalArgumentException("expected an integer type, got " + type);
    }
    return new GgufValue(type, out -> out.bytes(value, type.bytes()));
  }

  /** An array of strings. */
  public static GgufValue strings(List<String> values) {
    List<String> copy = List.copyOf(values);
    return array(GgufType.STRING, copy.size(), out -> copy.forEach(out::string));
  }

  /** An array of FLOAT32. */
  public static GgufValue floats(float... values) {
    float[] copy = values.clone();
    return array(
        GgufType.FLOAT32,
        copy.length,
        out -> {
          for (float value : copy) {
            out.int32(Float.floatToRawIntBits(value));
          }
        });
  }

  /** An array of INT32. */
  public static GgufValue ints(int... values) {
    int[] copy = values.clone();
    return array(
        GgufType.INT32,
        copy.length,
        out -> {
          for (int value : copy) {
            out.int32(value);
          }
        });
  }

  /**
   * An array of values of one type, arrays among them.
   *
   * @throws IllegalArgumentException if one has another type
   */
  public static GgufValue array(GgufType type, List<GgufValue> values) {
    List<GgufValue> copy = List.copyOf(values);
    for (GgufValue value : copy) {
      if (value.type != type) {
        throw new IllegalArgumentException("expected " + type + ", got " + value.type);
      }
    }
    return array(type, copy.size(), out -> copy.forEach(value -> value.writeTo(out)));
  }

  /** A value of another file, as it is there. */
  public static GgufValue copy(GgufMetadata metadata, String key) {
    return new GgufValue(metadata.type(key), out -> metadata.copyTo(key, out));
  }

  private static GgufValue array(GgufType elementType, int size, Body elements) {
    return new GgufValue(
        GgufType.ARRAY,
        out -> {
          out.int32(elementType.number()).int64(size);
          elements.writeTo(out);
        });
  }
}
