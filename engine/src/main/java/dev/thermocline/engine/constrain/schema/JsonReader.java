package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNumber;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON into a tree, with bounds: Jackson's core alone, without data binding, is enough. */
public final class JsonReader {
  private static final int MOST_DIGITS = 200;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(2_000_000)
                  .maxNestingDepth(200)
                  .maxNumberLength(MOST_DIGITS)
                  .build())
          .build();

  private final JsonParser in;

  private JsonReader(JsonParser in) {
    this.in = in;
  }

  /**
   * Reads one value.
   *
   * @param what the text is, for errors
   * @throws ConstraintException if the text is not one JSON value, or too large
   */
  public static JsonValue read(String what, String text) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
      JsonReader reader = new JsonReader(in);
      JsonValue value = reader.value(reader.next());
      if (in.nextToken() != null) {
        throw new ConstraintException(what + ": expected one JSON value, found more");
      }
      return value;
    } catch (JacksonException e) {
      throw new ConstraintException(what + ": expected JSON: " + e.getOriginalMessage());
    }
  }

  private JsonToken next() {
    JsonToken token = in.nextToken();
    if (token == null) {
      throw new ConstraintException("expected JSON, found the end");
    }
    return token;
  }

  private JsonValue value(JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> Json.NULL;
      case VALUE_TRUE -> Json.TRUE;
      case VALUE_FALSE -> Json.FALSE;
      case VALUE_STRING -> new JsonString(in.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in.getString());
      case START_ARRAY -> array();
      case START_OBJECT -> object();
      default -> throw new ConstraintException("expected a JSON value, found " + token);
    };
  }

  /** A number whose digits fit: 1e999999999 would take a gigabyte to write. */
  private static JsonValue number(String text) {
    BigDecimal value = new BigDecimal(text);
    if (Math.abs((long) value.scale()) > MOST_DIGITS) {
      throw new ConstraintException(
          "number " + text + ": expected at most " + MOST_DIGITS + " digits");
    }
    return new JsonNumber(value);
  }

  private JsonValue array() {
    List<JsonValue> items = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      items.add(value(token));
    }
    return new JsonArray(items);
  }

  private JsonValue object() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
      String name = in.currentName();
      members.put(name, value(next()));
    }
    return new JsonObject(members);
  }
}
