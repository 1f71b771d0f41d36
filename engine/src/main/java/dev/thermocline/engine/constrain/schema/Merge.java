package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNumber;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One schema that says what two say. */
final class Merge {
  private final Schema one;
  private final Schema other;
  private final Map<String, JsonValue> merged;

  private Merge(Schema one, Schema other) {
    this.one = one;
    this.other = other;
    this.merged = new LinkedHashMap<>(one.keywords());
  }

  /**
   * Both together.
   *
   * @throws dev.thermocline.engine.constrain.ConstraintException naming a keyword of which both
   *     cannot be held at once
   */
  static Schema both(Schema one, Schema other) {
    Merge merge = new Merge(one, other);
    other.keywords().forEach(merge::add);
    merge.objects();
    if (!one.has("nullable") || !other.has("nullable")) {
      merge.merged.remove("nullable");
    }
    return new Schema(one.place(), merge.merged);
  }

  private void add(String keyword, JsonValue value) {
    JsonValue known = one.get(keyword);
    if (known == null || known.equals(value)) {
      merged.put(keyword, value);
      return;
    }
    merged.put(keyword, combined(keyword, known, value));
  }

  private JsonValue combined(String keyword, JsonValue known, JsonValue value) {
    return switch (keyword) {
      case "type" -> types();
      case "enum" ->
          new JsonArray(one.list(keyword).stream().filter(other.list(keyword)::contains).toList());
      case "required" -> union(one.list(keyword), other.list(keyword));
      case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
          larger(keyword, true);
      case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
          larger(keyword, false);
      case "pattern" -> union(strings(keyword, one), strings(keyword, other));
      case "items" -> allOf(known, value);
      case "allOf" -> union(one.list(keyword), other.list(keyword));
      // Done together in objects().
      case "properties", "additionalProperties", "patternProperties" -> known;
      default -> throw one.error("two different " + keyword + " at once cannot be enforced");
    };
  }

  private static List<JsonValue> strings(String keyword, Schema schema) {
    List<JsonValue> values = new ArrayList<>();
    schema.strings(keyword).forEach(s -> values.add(new JsonString(s)));
    return values;
  }

  /** Types in common; with none, nothing is valid. */
  private JsonValue types() {
    Set<JsonValue> both = new LinkedHashSet<>();
    for (String a : one.strings("type")) {
      for (String b : other.strings("type")) {
        boolean whole =
            a.equals("integer") && b.equals("number") || a.equals("number") && b.equals("integer");
        if (a.equals(b) || whole) {
          both.add(new JsonString(whole ? "integer" : a));
        }
      }
    }
    return new JsonArray(List.copyOf(both));
  }

  private JsonValue larger(String keyword, boolean larger) {
    java.math.BigDecimal a = one.number(keyword).orElseThrow();
    java.math.BigDecimal b = other.number(keyword).orElseThrow();
    return new JsonNumber(a.compareTo(b) > 0 == larger ? a : b);
  }

  private static JsonArray union(List<JsonValue> a, List<JsonValue> b) {
    Set<JsonValue> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return new JsonArray(List.copyOf(all));
  }

  static JsonValue allOf(JsonValue a, JsonValue b) {
    return a.equals(b) ? a : new JsonObject(Map.of("allOf", new JsonArray(List.of(a, b))));
  }

  /** A property must be what both say of it, whether by its name or as an additional one. */
  private void objects() {
    boolean either = one.hasAny(Keywords.OBJECT) && other.hasAny(Keywords.OBJECT);
    if (!either) {
      return;
    }
    if (one.has("patternProperties") || other.has("patternProperties")) {
      boolean same =
          java.util.Objects.equals(one.get("patternProperties"), other.get("patternProperties"));
      if (!same) {
        throw one.error("patternProperties beside other objects cannot be enforced");
      }
    }
    Map<String, JsonValue> properties = new LinkedHashMap<>();
    one.map("properties").forEach((name, value) -> put(properties, name, value, other));
    other
        .map("properties")
        .forEach((name, value) -> {
          if (!one.map("properties").containsKey(name)) {
            put(properties, name, value, one);
          }
        });
    if (one.has("properties") || other.has("properties")) {
      merged.put("properties", new JsonObject(properties));
    }
    JsonValue a = one.get("additionalProperties");
    JsonValue b = other.get("additionalProperties");
    if (a != null && b != null) {
      boolean none = a.equals(Json.FALSE) || b.equals(Json.FALSE);
      merged.put("additionalProperties", none ? Json.FALSE : allOf(a, b));
    }
  }

  private static void put(
      Map<String, JsonValue> into, String name, JsonValue value, Schema beside) {
    JsonValue again = beside.map("properties").get(name);
    if (again == null) {
      again = beside.get("additionalProperties");
    }
    into.put(name, again == null || again.equals(Json.TRUE) ? value : allOf(value, again));
  }
}
