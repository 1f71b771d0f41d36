package dev.thermocline.engine.api;

import dev.thermocline.engine.constrain.schema.JsonValue;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNull;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types of several values of another, or of at most one. */
sealed interface ContainerType extends JsonType {

  /** Lists; what a component says of strings and numbers is said of the items. */
  record Items(JsonType item) implements ContainerType {
    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      Map<String, JsonValue> keywords = JsonType.keywords("array");
      keywords.put("items", new JsonObject(item.schema(property)));
      if (property != null && property.minItems() > 0) {
        keywords.put("minItems", JsonType.number(property.minItems()));
      }
      if (property != null && property.maxItems() < Integer.MAX_VALUE) {
        keywords.put("maxItems", JsonType.number(property.maxItems()));
      }
      return keywords;
    }

    @Override
    public Object read(String place, JsonValue value) {
      if (!(value instanceof JsonArray array)) {
        throw JsonType.wrong(place, "an array", value);
      }
      List<Object> items = new ArrayList<>();
      for (JsonValue one : array.items()) {
        items.add(item.read(place + "[" + items.size() + "]", one));
      }
      return List.copyOf(items);
    }
  }

  /** Maps from strings, in the order of the text. */
  record Members(JsonType item) implements ContainerType {
    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      Map<String, JsonValue> keywords = JsonType.keywords("object");
      keywords.put("additionalProperties", new JsonObject(item.schema(property)));
      return keywords;
    }

    @Override
    public Object read(String place, JsonValue value) {
      if (!(value instanceof JsonObject object)) {
        throw JsonType.wrong(place, "an object", value);
      }
      Map<String, Object> members = new LinkedHashMap<>();
      object
          .members()
          .forEach((name, one) -> members.put(name, item.read(place + "." + name, one)));
      return Collections.unmodifiableMap(members);
    }
  }

  /** A value that may be missing, or null. */
  record Maybe(JsonType inner) implements ContainerType {
    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      return inner.schema(property);
    }

    @Override
    public Object read(String place, JsonValue value) {
      return value instanceof JsonNull ? Optional.empty() : Optional.of(inner.read(place, value));
    }

    @Override
    public Object missing(String place) {
      return Optional.empty();
    }

    @Override
    public boolean isOptional() {
      return true;
    }
  }
}
