package dev.thermocline.predictor.overlay;

import dev.thermocline.kernels.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed and checked access to a container that may hold anything. */
final class OverlayReader {
  private final Map<String, Object> metadata;
  private final Map<String, Tensor> unused = new HashMap<>();

  OverlayReader(EncodedOverlay encoded) throws OverlayException {
    metadata = encoded.metadata();
    for (Tensor tensor : encoded.tensors()) {
      if (unused.put(tensor.name(), tensor) != null) {
        throw OverlayException.damaged(tensor.name(), "expected one such tensor, got two");
      }
    }
  }

  String string(String key) throws OverlayException {
    if (value(key) instanceof String text) {
      return text;
    }
    throw wrongType(key, "text");
  }

  long integer(String key, long lowest, long highest) throws OverlayException {
    if (value(key) instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.longValue() >= lowest
        && number.longValue() <= highest) {
      return number.longValue();
    }
    throw wrongType(key, "a whole number of " + lowest + " to " + highest);
  }

  double decimal(String key, double lowest, double highest) throws OverlayException {
    if (value(key) instanceof Number number
        && number.doubleValue() >= lowest
        && number.doubleValue() <= highest) {
      return number.doubleValue();
    }
    throw wrongType(key, "a number of " + lowest + " to " + highest);
  }

  /** An array of whole numbers; {@code length} of them, or any number if it is -1. */
  long[] integers(String key, int length) throws OverlayException {
    Object value = value(key);
    long[] found =
        switch (value) {
          case long[] longs -> longs;
          case int[] ints -> java.util.Arrays.stream(ints).asLongStream().toArray();
          default -> throw wrongType(key, "whole numbers");
        };
    checkLength(key, length, found.length);
    return found;
  }

  double[] decimals(String key, int length) throws OverlayException {
    Object value = value(key);
    double[] found =
        switch (value) {
          case double[] doubles -> doubles;
          case float[] floats -> widened(floats);
          default -> throw wrongType(key, "numbers");
        };
    checkLength(key, length, found.length);
    return found;
  }

  private static double[] widened(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  private static void checkLength(String key, int expected, int found) throws OverlayException {
    if (expected >= 0 && found != expected) {
      throw OverlayException.damaged(key, "expected " + expected + " values, got " + found);
    }
  }

  private Object value(String key) throws OverlayException {
    Object value = metadata.get(key);
    if (value == null) {
      throw OverlayException.damaged(key, "expected a value, got none");
    }
    return value;
  }

  private OverlayException wrongType(String key, String expected) {
    Object value = metadata.get(key);
    String found = value instanceof Number || value instanceof String ? " " + value : "";
    return OverlayException.damaged(
        key,
        "expected "
            + expected
            + ", got "
            + (value == null ? "none" : value.getClass().getSimpleName() + found));
  }

  /** Takes a tensor, or null if there is none. */
  @Nullable Tensor take(String name) {
    return unused.remove(name);
  }

  Tensor require(String name) throws OverlayException {
    Tensor tensor = take(name);
    if (tensor == null) {
      throw OverlayException.damaged(name, "expected a tensor, got none");
    }
    return tensor;
  }

  void checkAllUsed() throws OverlayException {
    if (!unused.isEmpty()) {
      String name = unused.keySet().stream().min(String::compareTo).orElseThrow();
      throw OverlayException.damaged(name, "expected no such tensor");
    }
  }
}
