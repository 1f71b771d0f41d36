package dev.thermocline.engine.api;

import dev.thermocline.engine.constrain.schema.Json;
import dev.thermocline.engine.constrain.schema.JsonValue;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records; a schema refers to them by name, so that one may hold others of its kind. */
final class RecordType implements JsonType {
  private final String name;
  private final Constructor<?> constructor;
  private final List<Component> components = new ArrayList<>();

  /**
   * A component of a record.
   *
   * @param property what it says of its values; null for nothing
   */
  record Component(String name, JsonType type, @Nullable Property property) {}

  /**
   * A record whose components are added later.
   *
   * @param name in the schema
   */
  RecordType(String name, Constructor<?> constructor) {
    this.name = name;
    this.constructor = constructor;
  }

  void add(Component component) {
    components.add(component);
  }

  String name() {
    return name;
  }

  @Override
  public Map<String, JsonValue> schema(@Nullable Property property) {
    Map<String, JsonValue> keywords = new LinkedHashMap<>();
    keywords.put("$ref", new JsonString("#/$defs/" + name));
    return keywords;
  }

  /** What the schema refers to. */
  Map<String, JsonValue> definition() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    List<JsonValue> required = new ArrayList<>();
    for (Component component : components) {
      Map<String, JsonValue> schema = component.type().schema(component.property());
      Property property = component.property();
      if (property != null && !property.value().isEmpty()) {
        schema.put("description", new JsonString(property.value()));
      }
      members.put(component.name(), new JsonObject(schema));
      if (!component.type().isOptional()) {
        required.add(new JsonString(component.name()));
      }
    }
    Map<String, JsonValue> keywords = JsonType.keywords("object");
    keywords.put("properties", new JsonObject(members));
    keywords.put("required", new JsonArray(required));
    keywords.put("additionalProperties", Json.FALSE);
    return keywords;
  }

  @Override
  public Object read(String place, JsonValue value) {
    if (!(value instanceof JsonObject object)) {
      throw JsonType.wrong(place, "an object", value);
    }
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      Component component = components.get(i);
      String inner = place + "." + component.name();
      JsonValue member = object.members().get(component.name());
      values[i] =
          member == null ? component.type().missing(inner) : component.type().read(inner, member);
    }
    return construct(place, values);
  }

  private Object construct(String place, Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw new IllegalArgumentException(
          place + ": the record refuses the values: " + (cause == null ? e : cause.getMessage()),
          cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(place + ": the record's constructor cannot be called", e);
    }
  }
}
