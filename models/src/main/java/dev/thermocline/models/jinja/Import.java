package dev.thermocline.models.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns Java's values into those of templates: maps, lists, strings, numbers, booleans and null.
 *
 * @param foreign whether strings come from messages
 */
record Import(boolean foreign) {
  private static final int MAX_DEPTH = 100;

  /**
   * A value.
   *
   * @param key what it is stored under
   */
  Object value(@Nullable Object value, String key) {
    return value(value, key, 0);
  }

  private Object value(@Nullable Object value, String key, int depth) {
    if (depth > MAX_DEPTH) {
      throw TemplateException.limit("expected values of at most " + MAX_DEPTH + " levels");
    }
    return switch (value) {
      case null -> None.NONE;
      case Boolean flag -> flag;
      case String string -> string(string, key);
      case Double number -> number;
      case Float number -> (double) number;
      case BigInteger number -> integer(number);
      case Number number -> number.longValue();
      case Map<?, ?> map -> map(map, depth);
      case List<?> list -> list(list, key, depth);
      default ->
          throw new IllegalArgumentException(
              key
                  + ": expected a map, list, string, number, boolean or null, got "
                  + value.getClass().getName());
    };
  }

  /**
   * Roles are names, and templates build control tokens from them; with a bracket in one it would
   * be something else.
   */
  private Text string(String string, String key) {
    boolean role = key.equals("role") && string.matches("[A-Za-z_][A-Za-z0-9_-]{0,40}");
    return foreign && !role ? Text.foreign(string) : Text.of(string);
  }

  private static Object integer(BigInteger number) {
    return number.bitLength() < 64 ? (Object) number.longValue() : (Object) number.doubleValue();
  }

  private Object map(Map<?, ?> map, int depth) {
    DictValue result = new DictValue();
    map.forEach((key, value) -> {
      String name = String.valueOf(key);
      result.put(foreign ? Text.foreign(name) : Text.of(name), value(value, name, depth + 1));
    });
    return result;
  }

  private Object list(List<?> list, String key, int depth) {
    List<Object> result = new ArrayList<>(list.size());
    for (Object item : list) {
      result.add(value(item, key, depth + 1));
    }
    return ListValue.of(result);
  }
}
