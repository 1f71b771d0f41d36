package dev.thermocline.models.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values passed to a function, filter, test or macro. */
record Arguments(List<Object> positional, DictValue named) {
  static final Arguments NONE = new Arguments(List.of(), new DictValue());

  static Arguments of(Object... values) {
    return new Arguments(List.of(values), new DictValue());
  }

  int count() {
    return positional.size() + named.size();
  }

  /** Argument {@code i}, or the one called {@code name}, or null. */
  @Nullable Object find(int i, String name) {
    return i < positional.size() ? positional.get(i) : named.get(Text.of(name));
  }

  boolean has(int i, String name) {
    return find(i, name) != null;
  }

  Object get(int i, String name) {
    Object value = find(i, name);
    if (value == null) {
      throw TemplateException.runtime("expected an argument '" + name + "'");
    }
    return value;
  }

  Object get(int i, String name, Object fallback) {
    Object value = find(i, name);
    return value == null ? fallback : value;
  }

  Text text(int i, String name) {
    return Values.string(get(i, name));
  }

  Text text(int i, String name, String fallback) {
    Object value = get(i, name, None.NONE);
    return value == None.NONE ? Text.of(fallback) : Values.string(value);
  }

  boolean flag(int i, String name, boolean fallback) {
    Object value = find(i, name);
    return value == null ? fallback : Values.truth(value);
  }

  int integer(int i, String name, int fallback) {
    Object value = get(i, name, None.NONE);
    return value == None.NONE ? fallback : Math.toIntExact(Numbers.index(value));
  }

  /** These without the first {@code n} positional ones. */
  Arguments skip(int n) {
    return new Arguments(
        positional.subList(Math.min(n, positional.size()), positional.size()), named);
  }

  /** The names used that are not among {@code known} must be none. */
  void allow(String function, int max, String... known) {
    if (positional.size() > max) {
      throw TemplateException.runtime(
          function + "() takes at most " + max + " arguments, got " + positional.size());
    }
    for (Object name : named.keys()) {
      if (!List.of(known).contains(name.toString())) {
        throw TemplateException.runtime(function + "() has no argument '" + name + "'");
      }
    }
  }
}
