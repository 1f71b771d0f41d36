package dev.thermocline.models.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one kind of object whose attributes templates may assign. */
final class Namespace {
  private final Map<String, Object> attributes = new HashMap<>();

  void set(String name, Object value) {
    attributes.put(name, value);
  }

  @Nullable Object get(String name) {
    return attributes.get(name);
  }
}
