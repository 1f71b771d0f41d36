package dev.thermocline.engine.tools;

import dev.thermocline.engine.constrain.schema.JsonReader;
import dev.thermocline.engine.constrain.schema.JsonText;
import dev.thermocline.engine.constrain.schema.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** JSON as templates take it: maps, lists, strings, numbers, booleans and null. */
public final class PlainJson {
  private PlainJson() {}

  /**
   * The members of a JSON object.
   *
   * @throws IllegalArgumentException if the text is none
   */
  @SuppressWarnings("unchecked") // a member may be null, which ToolCall does not say
  public static Map<String, Object> object(String json) {
    Object value = of(JsonReader.read("arguments", json));
    if (!(value instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("arguments: expected a JSON object, got " + json);
    }
    return (Map<String, Object>) value;
  }

  private static @Nullable Object of(JsonValue value) {
    return switch (value) {
      case JsonValue.JsonNull none -> null;
      case JsonValue.JsonBoolean bool -> bool.value();
      case JsonValue.JsonString text -> text.value();
      case JsonValue.JsonNumber number -> number(number.value());
      case JsonValue.JsonArray array -> {
        List<@Nullable Object> list = new ArrayList<>();
        array.items().forEach(item -> list.add(of(item)));
        yield list;
      }
      case JsonValue.JsonObject object -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.members().forEach((name, member) -> map.put(name, of(member)));
        yield map;
      }
    };
  }

  private static Object number(BigDecimal value) {
    boolean whole = value.scale() <= 0 && value.precision() - value.scale() <= 18;
    if (whole) {
      return value.longValueExact();
    }
    return value.doubleValue();
  }

  /** The same as JSON text. */
  public static String write(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> {
        StringJoiner all = new StringJoiner(",", "{", "}");
        map.forEach(
            (name, member) -> all.add(JsonText.quote(String.valueOf(name)) + ":" + write(member)));
        yield all.toString();
      }
      case Iterable<?> list -> {
        StringJoiner all = new StringJoiner(",", "[", "]");
        list.forEach(item -> all.add(write(item)));
        yield all.toString();
      }
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      default -> JsonText.quote(value.toString());
    };
  }
}
