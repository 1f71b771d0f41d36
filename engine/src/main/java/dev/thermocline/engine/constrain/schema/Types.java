package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonBoolean;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNull;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNumber;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The types of JSON Schema, an integer being a number too. */
enum Types {
  OBJECT,
  ARRAY,
  STRING,
  NUMBER,
  INTEGER,
  BOOLEAN,
  NULL;

  private static final List<Types> ALL = List.of(OBJECT, ARRAY, STRING, NUMBER, BOOLEAN, NULL);

  /**
   * The types that a schema is about: those it names, else those of its values, else those whose
   * keywords it has, else all. A schema that says only how an object looks would allow a number
   * too; nobody means that.
   */
  static Set<Types> of(Schema schema) {
    Set<Types> types = new LinkedHashSet<>();
    for (String name : schema.strings("type")) {
      types.add(named(schema, name));
    }
    if (schema.has("type")) {
      return types;
    }
    if (schema.hasAny(Keywords.OBJECT)) {
      types.add(OBJECT);
    }
    if (schema.hasAny(Keywords.ARRAY)) {
      types.add(ARRAY);
    }
    if (schema.hasAny(Keywords.STRING)) {
      types.add(STRING);
    }
    if (schema.hasAny(Keywords.NUMBER)) {
      types.add(NUMBER);
    }
    return types.isEmpty() ? new LinkedHashSet<>(ALL) : types;
  }

  private static Types named(Schema schema, String name) {
    return switch (name) {
      case "object" -> OBJECT;
      case "array" -> ARRAY;
      case "string" -> STRING;
      case "number" -> NUMBER;
      case "integer" -> INTEGER;
      case "boolean" -> BOOLEAN;
      case "null" -> NULL;
      default ->
          throw schema.error(
              "type: expected object, array, string, number, integer, boolean or null, got "
                  + name);
    };
  }

  static Types of(JsonValue value) {
    return switch (value) {
      case JsonObject o -> OBJECT;
      case JsonArray a -> ARRAY;
      case JsonString s -> STRING;
      case JsonNumber n -> n.value().scale() <= 0 ? INTEGER : NUMBER;
      case JsonBoolean b -> BOOLEAN;
      case JsonNull n -> NULL;
    };
  }

  /** Whether a value can be of both types. */
  boolean meets(Types other) {
    return this == other
        || this == NUMBER && other == INTEGER
        || this == INTEGER && other == NUMBER;
  }
}
