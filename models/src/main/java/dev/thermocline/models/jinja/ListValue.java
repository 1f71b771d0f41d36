package dev.thermocline.models.jinja;

import java.util.List;

/**
 * A sequence. Templates cannot change one.
 *
 * @param items its elements
 * @param kind what Python would call it
 */
record ListValue(List<Object> items, Kind kind) {

  enum Kind {
    LIST("list"),
    TUPLE("tuple"),
    RANGE("range"),
    GENERATOR("generator"),
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items");

    final String typeName;

    Kind(String typeName) {
      this.typeName = typeName;
    }
  }

  static ListValue of(List<Object> items) {
    return new ListValue(items, Kind.LIST);
  }

  static ListValue tuple(List<Object> items) {
    return new ListValue(items, Kind.TUPLE);
  }

  static ListValue tuple(Object... items) {
    return tuple(List.of(items));
  }

  static ListValue generator(List<Object> items) {
    return new ListValue(items, Kind.GENERATOR);
  }

  /** Whether elements have numbers: all but generators and the views of a dictionary. */
  boolean isIndexed() {
    return kind == Kind.LIST || kind == Kind.TUPLE || kind == Kind.RANGE;
  }
}
