package dev.thermocline.engine.overlay;

import dev.thermocline.models.gguf.GgufArray;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;
import dev.thermocline.models.gguf.GgufType;
import dev.thermocline.models.gguf.GgufValue;
import java.util.Arrays;

/** The kinds of value that an overlay's metadata has, to GGUF and back. */
final class MetadataValues {
  private MetadataValues() {}

  static GgufValue write(Object value) {
    return switch (value) {
      case String text -> GgufValue.of(text);
      case Long number -> GgufValue.integer(GgufType.INT64, number);
      case Double number -> GgufValue.of(number);
      case long[] numbers ->
          GgufValue.array(
              GgufType.INT64,
              Arrays.stream(numbers).mapToObj(n -> GgufValue.integer(GgufType.INT64, n)).toList());
      case double[] numbers ->
          GgufValue.array(
              GgufType.FLOAT64, Arrays.stream(numbers).mapToObj(GgufValue::of).toList());
      default -> throw new IllegalArgumentException("overlay: cannot store " + value.getClass());
    };
  }

  static Object read(GgufMetadata metadata, String key) {
    GgufType type = metadata.type(key);
    if (type == GgufType.STRING) {
      return metadata.string(key);
    }
    if (type == GgufType.ARRAY) {
      return array(metadata.array(key), key);
    }
    if (type.isInteger()) {
      return metadata.integer(key);
    }
    if (type == GgufType.FLOAT32 || type == GgufType.FLOAT64) {
      return metadata.number(key);
    }
    throw new GgufFormatException(key, -1, "an overlay has no values of type " + type);
  }

  private static Object array(GgufArray array, String key) {
    if (array.type().isInteger()) {
      long[] numbers = new long[array.size()];
      Arrays.setAll(numbers, array::integer);
      return numbers;
    }
    if (array.type() == GgufType.FLOAT32 || array.type() == GgufType.FLOAT64) {
      double[] numbers = new double[array.size()];
      Arrays.setAll(numbers, array::number);
      return numbers;
    }
    throw new GgufFormatException(key, -1, "an overlay has no arrays of type " + array.type());
  }
}
