package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether no value can satisfy two schemas: by type, by value, by bounds, or because a member that
 * both require cannot be both. Only then may {@code oneOf} be treated as {@code anyOf}.
 */
final class Exclusive {
  private static final int MOST_NESTING = 8;
  private static final int MOST_COMPARISONS = 20_000;

  private final SchemaCompiler compiler;
  private int comparisons;

  Exclusive(SchemaCompiler compiler) {
    this.compiler = compiler;
  }

  /**
   * Checks all pairs.
   *
   * @throws dev.thermocline.engine.constrain.ConstraintException naming a pair that may overlap
   */
  void check(Schema schema) {
    List<JsonValue> branches = schema.list("oneOf");
    for (int i = 0; i < branches.size(); i++) {
      for (int j = i + 1; j < branches.size(); j++) {
        if (!exclude(schema.place(), branches.get(i), branches.get(j), 0)) {
          throw schema.error(
              "oneOf: expected schemas of which a value can satisfy one only, "
                  + i
                  + " and "
                  + j
                  + " may both hold (anyOf has no such limit)");
        }
      }
    }
  }

  private boolean exclude(String place, JsonValue a, JsonValue b, int nesting) {
    if (a.equals(Json.FALSE) || b.equals(Json.FALSE)) {
      return true;
    }
    if (++comparisons > MOST_COMPARISONS
        || nesting > MOST_NESTING
        || !(a instanceof JsonObject one)
        || !(b instanceof JsonObject other)) {
      return false;
    }
    for (Schema left : alternatives(Schema.of(place, one))) {
      for (Schema right : alternatives(Schema.of(place, other))) {
        if (!leaves(left, right, nesting)) {
          return false;
        }
      }
    }
    return true;
  }

  /** A schema's branches, or itself. */
  private List<Schema> alternatives(Schema schema) {
    Schema flat = compiler.flat(schema);
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (flat.has(keyword)) {
        List<Schema> all = new ArrayList<>();
        for (JsonValue branch : flat.list(keyword)) {
          if (branch instanceof JsonObject object) {
            Schema merged = Merge.both(flat.without(keyword), Schema.of(flat.place(), object));
            all.add(compiler.flat(merged));
          } else {
            all.add(flat.without(keyword));
          }
        }
        return all;
      }
    }
    return List.of(flat);
  }

  private boolean leaves(Schema a, Schema b, int nesting) {
    if (a.has("nullable") || b.has("nullable")) {
      return false;
    }
    boolean valuesA = a.has("enum") || a.has("const");
    boolean valuesB = b.has("enum") || b.has("const");
    if (valuesA && valuesB) {
      return Collections.disjoint(SchemaCompiler.values(a), SchemaCompiler.values(b));
    }
    Set<Types> typesA = types(a, valuesA);
    Set<Types> typesB = types(b, valuesB);
    boolean meet = typesA.isEmpty() || typesB.isEmpty();
    for (Types type : typesA) {
      meet |= typesB.stream().anyMatch(type::meets);
    }
    if (!meet) {
      return true;
    }
    boolean named = typesA.size() == 1 && typesB.size() == 1;
    return named && !valuesA && !valuesB && sameType(a, b, typesA.iterator().next(), nesting);
  }

  /** The types a schema allows as far as it names them; none for all. */
  private static Set<Types> types(Schema schema, boolean values) {
    if (values) {
      Set<Types> of = new java.util.HashSet<>();
      SchemaCompiler.values(schema).forEach(value -> of.add(Types.of(value)));
      return of;
    }
    return schema.has("type") ? Types.of(schema) : Set.of();
  }

  private boolean sameType(Schema a, Schema b, Types type, int nesting) {
    return switch (type) {
      case OBJECT -> objects(a, b, nesting);
      case ARRAY -> apart(a, b, "minItems", "maxItems");
      case STRING -> apart(a, b, "minLength", "maxLength");
      case NUMBER, INTEGER -> apart(a, b, "minimum", "maximum");
      case BOOLEAN, NULL -> false;
    };
  }

  private static boolean apart(Schema a, Schema b, String least, String most) {
    return above(a, b, least, most) || above(b, a, least, most);
  }

  private static boolean above(Schema a, Schema b, String least, String most) {
    BigDecimal low = a.number(least).orElse(BigDecimal.valueOf(-1).movePointRight(1000));
    BigDecimal high = b.number(most).orElse(BigDecimal.valueOf(1).movePointRight(1000));
    return low.compareTo(high) > 0;
  }

  private boolean objects(Schema a, Schema b, int nesting) {
    Map<String, JsonValue> ofA = a.map("properties");
    Map<String, JsonValue> ofB = b.map("properties");
    for (String name : a.strings("required")) {
      JsonValue one = ofA.get(name);
      JsonValue other = ofB.get(name);
      if (one != null && other != null && exclude(a.place(), one, other, nesting + 1)) {
        return true;
      }
    }
    return lacks(a, b) || lacks(b, a);
  }

  /** Whether one requires a member that the other forbids. */
  private static boolean lacks(Schema a, Schema b) {
    boolean closed =
        Json.FALSE.equals(b.get("additionalProperties")) && !b.has("patternProperties");
    return closed
        && a.strings("required").stream().anyMatch(name -> !b.map("properties").containsKey(name));
  }
}
