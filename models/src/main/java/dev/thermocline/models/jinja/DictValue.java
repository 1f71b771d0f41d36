package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dictionary in the order of insertion. Templates cannot change one. */
final class DictValue {
  private final Map<Object, Map.Entry<Object, Object>> entries = new LinkedHashMap<>();

  /** Adds or replaces an entry, while the dictionary is being made. */
  DictValue put(Object key, Object value) {
    if (key instanceof DictValue
        || key instanceof ListValue list && list.kind() == ListValue.Kind.LIST) {
      throw TemplateException.runtime("unhashable type: '" + Values.typeName(key) + "'");
    }
    Map.Entry<Object, Object> old = entries.get(identity(key));
    entries.put(identity(key), Map.entry(old == null ? key : old.getKey(), value));
    return this;
  }

  /** Keys that Python takes for equal are one: 1, 1.0 and True. */
  private static Object identity(Object key) {
    if (key instanceof Boolean flag) {
      return flag ? 1L : 0L;
    }
    return key instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
        ? (Object) number.longValue()
        : key;
  }

  @Nullable Object get(Object key) {
    Map.Entry<Object, Object> entry = entries.get(identity(key));
    return entry == null ? null : entry.getValue();
  }

  boolean contains(Object key) {
    return entries.containsKey(identity(key));
  }

  int size() {
    return entries.size();
  }

  List<Map.Entry<Object, Object>> entries() {
    return new ArrayList<>(entries.values());
  }

  List<Object> keys() {
    List<Object> keys = new ArrayList<>();
    entries.values().forEach(entry -> keys.add(entry.getKey()));
    return keys;
  }

  List<Object> values() {
    List<Object> values = new ArrayList<>();
    entries.values().forEach(entry -> values.add(entry.getValue()));
    return values;
  }

  List<Object> items() {
    List<Object> items = new ArrayList<>();
    entries.values().forEach(e -> items.add(ListValue.tuple(e.getKey(), e.getValue())));
    return items;
  }
}
