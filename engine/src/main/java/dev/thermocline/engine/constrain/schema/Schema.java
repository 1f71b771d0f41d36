package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonBoolean;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNumber;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schema that is an object, without annotations, and where it stands; reads its keywords with
 * their types checked.
 */
record Schema(String place, Map<String, JsonValue> keywords) {

  /** Drops annotations; refuses what could not be enforced. */
  static Schema of(String place, JsonObject object) {
    Keywords.check(place, object);
    Map<String, JsonValue> kept = new LinkedHashMap<>(object.members());
    kept.keySet().removeIf(k -> Keywords.isAnnotation(k) || k.equals("$id"));
    Schema schema = new Schema(place, kept);
    return schema.has("type") && schema.has("nullable") ? schema.nullType() : schema;
  }

  /** OpenAPI's {@code nullable} is one more type. */
  private Schema nullType() {
    List<JsonValue> types = new ArrayList<>();
    strings("type").forEach(type -> types.add(new JsonString(type)));
    if (flag("nullable")) {
      types.add(new JsonString("null"));
    }
    return without("nullable").with("type", new JsonArray(types));
  }

  ConstraintException error(String problem) {
    return new ConstraintException("schema, " + place + ": " + problem);
  }

  private ConstraintException wrong(String keyword, String expected) {
    JsonValue found = keywords.get(keyword);
    return error(
        keyword + ": expected " + expected + ", got " + (found == null ? "" : found.write()));
  }

  boolean has(String keyword) {
    return keywords.containsKey(keyword);
  }

  boolean hasAny(Iterable<String> of) {
    for (String keyword : of) {
      if (has(keyword)) {
        return true;
      }
    }
    return false;
  }

  @Nullable JsonValue get(String keyword) {
    return keywords.get(keyword);
  }

  Schema without(String keyword) {
    Map<String, JsonValue> rest = new LinkedHashMap<>(keywords);
    rest.remove(keyword);
    return new Schema(place, rest);
  }

  Schema with(String keyword, JsonValue value) {
    Map<String, JsonValue> more = new LinkedHashMap<>(keywords);
    more.put(keyword, value);
    return new Schema(place, more);
  }

  List<JsonValue> list(String keyword) {
    JsonValue value = keywords.get(keyword);
    if (value == null) {
      return List.of();
    }
    if (value instanceof JsonArray array) {
      return array.items();
    }
    throw wrong(keyword, "an array");
  }

  Map<String, JsonValue> map(String keyword) {
    JsonValue value = keywords.get(keyword);
    if (value == null) {
      return Map.of();
    }
    if (value instanceof JsonObject object) {
      return object.members();
    }
    throw wrong(keyword, "an object");
  }

  boolean flag(String keyword) {
    JsonValue value = keywords.get(keyword);
    if (value == null) {
      return false;
    }
    if (value instanceof JsonBoolean flag) {
      return flag.value();
    }
    throw wrong(keyword, "true or false");
  }

  Optional<BigDecimal> number(String keyword) {
    JsonValue value = keywords.get(keyword);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof JsonNumber number) {
      return Optional.of(number.value());
    }
    throw wrong(keyword, "a number");
  }

  /** A count, at most a million: more is as good as no bound, and a lower one would never end. */
  int count(String keyword, int otherwise) {
    Optional<BigDecimal> value = number(keyword);
    if (value.isEmpty()) {
      return otherwise;
    }
    BigDecimal number = value.get();
    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw wrong(keyword, "a whole number that is not negative");
    }
    if (number.compareTo(BigDecimal.valueOf(1_000_000)) > 0) {
      if (keyword.startsWith("max")) {
        return Expr.UNBOUNDED;
      }
      throw wrong(keyword, "at most a million");
    }
    return number.intValueExact();
  }

  /** Strings of an array; one string alone is as good as an array of it. */
  List<String> strings(String keyword) {
    JsonValue value = keywords.get(keyword);
    List<String> strings = new ArrayList<>();
    List<JsonValue> items =
        value instanceof JsonArray ? list(keyword) : value == null ? List.of() : List.of(value);
    for (JsonValue item : items) {
      if (!(item instanceof JsonString string)) {
        throw wrong(keyword, "strings");
      }
      strings.add(string.value());
    }
    return strings;
  }
}
