package dev.thermocline.engine.api;

import dev.thermocline.engine.constrain.schema.JsonValue;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNumber;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a Java type is written as JSON. */
interface JsonType {

  /**
   * The keywords of its schema.
   *
   * @param property what a component says of its values; null for nothing
   */
  Map<String, JsonValue> schema(@Nullable Property property);

  /**
   * A value of the type.
   *
   * @param place for errors
   * @throws IllegalArgumentException if it is none
   */
  Object read(String place, JsonValue value);

  /** What happens if a member is missing. */
  default Object missing(String place) {
    throw new IllegalArgumentException(place + ": expected a value, found none");
  }

  /** Whether a member may be missing. */
  default boolean isOptional() {
    return false;
  }

  /** Keywords of a type by name. */
  static Map<String, JsonValue> keywords(String type) {
    Map<String, JsonValue> keywords = new LinkedHashMap<>();
    keywords.put("type", new JsonString(type));
    return keywords;
  }

  static JsonValue number(double value) {
    return new JsonNumber(BigDecimal.valueOf(value));
  }

  static IllegalArgumentException wrong(String place, String expected, JsonValue found) {
    return new IllegalArgumentException(
        place + ": expected " + expected + ", found " + found.write());
  }
}
