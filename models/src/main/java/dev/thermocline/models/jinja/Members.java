package dev.thermocline.models.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes and items of values, with what the sandbox forbids. */
final class Members {
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Members() {}

  static Object attribute(Object of, String name) {
    if (of instanceof Undefined undefined) {
      throw undefined.fail();
    }
    Object own = own(of, name);
    if (own != null) {
      return own;
    }
    Object item = of instanceof DictValue dictionary ? dictionary.get(Text.of(name)) : null;
    return item == null ? Undefined.member(of, Text.of(name)) : item;
  }

  /** An attribute, whatever items there are. */
  static Object attributeOnly(Object of, String name) {
    Object own = of instanceof Undefined ? null : own(of, name);
    return own == null ? Undefined.member(of, Text.of(name)) : own;
  }

  static Object item(Object of, Object key) {
    if (of instanceof Undefined undefined) {
      throw undefined.fail();
    }
    Object item = find(of, key);
    if (item != null) {
      return item;
    }
    Object own = key instanceof Text name ? own(of, name.toString()) : null;
    return own == null ? Undefined.member(of, key) : own;
  }

  private static @Nullable Object find(Object of, Object key) {
    return switch (of) {
      case DictValue dictionary -> dictionary.get(key);
      case ListValue list when list.isIndexed() && Numbers.isInteger(key) ->
          at(list.items(), Numbers.toLong(key));
      case Text text when Numbers.isInteger(key) -> at(text, Numbers.toLong(key));
      default -> null;
    };
  }

  private static @Nullable Object at(List<Object> items, long index) {
    long i = index < 0 ? index + items.size() : index;
    return i >= 0 && i < items.size() ? items.get((int) i) : null;
  }

  private static @Nullable Object at(Text text, long index) {
    int size = text.size();
    long i = index < 0 ? index + size : index;
    return i >= 0 && i < size ? text.slice(text.offset((int) i), text.offset((int) i + 1)) : null;
  }

  /** A method or attribute, or null. */
  private static @Nullable Object own(Object of, String name) {
    if (name.startsWith("__")) {
      return Undefined.unsafe(of, name);
    }
    return switch (of) {
      case Text text -> TextMethods.find(text, name);
      case DictValue dictionary -> of(dictionary, name);
      case ListValue list -> of(list, name);
      case Namespace namespace -> namespace.get(name);
      case Loop loop -> loop.get(name);
      case Double number when name.equals("is_integer") ->
          (Callable) (arguments, frame) -> number == Math.rint(number);
      case Macro macro when name.equals("name") -> Text.of(macro.node().name());
      default -> null;
    };
  }

  private static @Nullable Object of(DictValue dictionary, String name) {
    if (DICT_CHANGES.contains(name)) {
      return Undefined.unsafe(dictionary, name);
    }
    return switch (name) {
      case "get" ->
          (Callable)
              (arguments, frame) -> {
                Object value = dictionary.get(arguments.get(0, "key"));
                return value == null ? arguments.get(1, "default", None.NONE) : value;
              };
      case "items" -> view(dictionary.items(), ListValue.Kind.ITEMS);
      case "keys" -> view(dictionary.keys(), ListValue.Kind.KEYS);
      case "values" -> view(dictionary.values(), ListValue.Kind.VALUES);
      case "copy" -> (Callable) (arguments, frame) -> dictionary;
      default -> null;
    };
  }

  private static Callable view(List<Object> items, ListValue.Kind kind) {
    return (arguments, frame) -> {
      frame.budget().charge(items.size());
      return new ListValue(items, kind);
    };
  }

  private static @Nullable Object of(ListValue list, String name) {
    if (list.kind() == ListValue.Kind.LIST && LIST_CHANGES.contains(name)) {
      return Undefined.unsafe(list, name);
    }
    boolean pair = list.kind() == ListValue.Kind.TUPLE && list.items().size() == 2;
    return switch (name) {
      case "index" -> (Callable) (arguments, frame) -> index(list.items(), arguments);
      case "count" ->
          (Callable)
              (arguments, frame) ->
                  list.items().stream()
                      .filter(x -> Values.equal(x, arguments.get(0, "value")))
                      .count();
      case "copy" -> (Callable) (arguments, frame) -> list;
      // The pairs of groupby have names for their elements.
      case "grouper" -> pair ? list.items().get(0) : null;
      case "list" -> pair ? list.items().get(1) : null;
      default -> null;
    };
  }

  private static Object index(List<Object> items, Arguments arguments) {
    for (int i = 0; i < items.size(); i++) {
      if (Values.equal(items.get(i), arguments.get(0, "value"))) {
        return (long) i;
      }
    }
    throw TemplateException.runtime(Values.repr(arguments.get(0, "value")) + " is not in list");
  }
}
