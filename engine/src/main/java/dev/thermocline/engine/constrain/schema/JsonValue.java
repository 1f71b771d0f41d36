package dev.thermocline.engine.constrain.schema;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value; objects keep the order of their members. */
public sealed interface JsonValue {
  /** An object. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public JsonObject {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** An array. */
  record JsonArray(List<JsonValue> items) implements JsonValue {
    public JsonArray {
      items = List.copyOf(items);
    }
  }

  /** A string. */
  record JsonString(String value) implements JsonValue {}

  /** A number; 1, 1.0 and 1e0 are equal. */
  record JsonNumber(BigDecimal value) implements JsonValue {
    public JsonNumber {
      value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }
  }

  /** True or false. */
  record JsonBoolean(boolean value) implements JsonValue {}

  /** Null. */
  record JsonNull() implements JsonValue {}

  /** The value as compact JSON text. */
  default String write() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private void write(StringBuilder out) {
    switch (this) {
      case JsonNull n -> out.append("null");
      case JsonBoolean b -> out.append(b.value());
      case JsonNumber n -> out.append(n.value().toPlainString());
      case JsonString s -> JsonText.quote(s.value(), out);
      case JsonArray array -> {
        String separator = "[";
        for (JsonValue item : array.items()) {
          out.append(separator);
          item.write(out);
          separator = ",";
        }
        out.append(array.items().isEmpty() ? "[]" : "]");
      }
      case JsonObject object -> {
        String separator = "{";
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          out.append(separator);
          JsonText.quote(member.getKey(), out);
          out.append(':');
          member.getValue().write(out);
          separator = ",";
        }
        out.append(object.members().isEmpty() ? "{}" : "}");
      }
    }
  }
}
