package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Resolves {@code $ref} inside one document: {@code #} and JSON pointers (RFC 6901) after it. */
final class References {
  private final JsonValue root;

  References(JsonValue root) {
    this.root = root;
  }

  /**
   * What a reference names.
   *
   * @throws ConstraintException if there is nothing, or it is not in this document
   */
  JsonValue resolve(String place, String reference) {
    if (!reference.equals("#") && !reference.startsWith("#/")) {
      throw new ConstraintException(
          "schema, "
              + place
              + ": $ref: expected a pointer into this schema (#/…), got "
              + reference);
    }
    JsonValue at = root;
    String[] steps = reference.equals("#") ? new String[0] : reference.substring(2).split("/", -1);
    for (String step : steps) {
      JsonValue next = member(at, name(step));
      if (next == null) {
        throw new ConstraintException(
            "schema, " + place + ": $ref: " + reference + " names nothing in this schema");
      }
      at = next;
    }
    return at;
  }

  private static String name(String step) {
    try {
      String decoded = URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
      return decoded.replace("~1", "/").replace("~0", "~");
    } catch (IllegalArgumentException e) {
      return step;
    }
  }

  private static @Nullable JsonValue member(JsonValue value, String name) {
    if (value instanceof JsonObject object) {
      return object.members().get(name);
    }
    if (value instanceof JsonArray array && name.matches("[0-9]{1,6}")) {
      int index = Integer.parseInt(name);
      return index < array.items().size() ? array.items().get(index) : null;
    }
    return null;
  }
}
