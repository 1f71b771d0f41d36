package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import java.util.List;
import java.util.Set;

/** What the keywords of JSON Schema are to us. */
final class Keywords {
  static final Set<String> OBJECT =
      Set.of(
          "properties",
          "required",
          "additionalProperties",
          "patternProperties",
          "minProperties",
          "maxProperties");
  static final Set<String> ARRAY =
      Set.of("items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems");
  static final Set<String> STRING = Set.of("minLength", "maxLength", "pattern", "format");
  static final Set<String> NUMBER =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  /** Those that combine schemas, in the order in which they are taken apart. */
  static final List<String> COMBINING = List.of("$ref", "allOf", "anyOf", "oneOf");

  private static final Set<String> VALUE = Set.of("type", "enum", "const", "nullable");

  /** Say nothing about what is valid. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "example",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$schema",
          "$comment",
          "$defs",
          "definitions",
          "$anchor",
          "$vocabulary",
          "contentMediaType",
          "contentEncoding",
          "contentSchema",
          "externalDocs",
          "xml");

  private Keywords() {}

  static boolean isAnnotation(String keyword) {
    return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
  }

  /**
   * Refuses what could not be enforced.
   *
   * @throws ConstraintException naming the first unknown keyword
   */
  static void check(String place, JsonObject schema) {
    for (String keyword : schema.members().keySet()) {
      boolean root = keyword.equals("$id") && place.equals("#");
      if (!root
          && !isAnnotation(keyword)
          && !VALUE.contains(keyword)
          && !COMBINING.contains(keyword)
          && !OBJECT.contains(keyword)
          && !ARRAY.contains(keyword)
          && !STRING.contains(keyword)
          && !NUMBER.contains(keyword)) {
        throw new ConstraintException(
            "schema, " + place + ": the keyword " + keyword + " cannot be enforced");
      }
    }
  }
}
