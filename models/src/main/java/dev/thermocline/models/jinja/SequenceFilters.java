package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Filters of sequences and dictionaries. */
final class SequenceFilters {
  private SequenceFilters() {}

  static Object apply(String name, Object value, Arguments arguments, Frame frame) {
    return switch (name) {
      case "list" -> ListValue.of(new ArrayList<>(Values.iterate(value)));
      case "first" -> first(Values.iterate(value), "first");
      case "last" -> first(reversed(value), "last");
      case "join" -> join(value, arguments, frame);
      case "reverse" -> reverse(value);
      case "sum" -> sum(value, arguments, frame);
      case "min" -> extreme(value, arguments, frame, 1);
      case "max" -> extreme(value, arguments, frame, -1);
      case "unique" -> unique(value, arguments, frame);
      case "sort" -> sort(value, arguments, frame);
      case "dictsort" -> dictSort(Values.dictionary(value), arguments);
      case "groupby" -> groupBy(value, arguments, frame);
      case "items" -> items(value);
      case "batch" -> batch(value, arguments);
      case "slice" -> slice(value, arguments);
      case "map" -> map(value, arguments, frame);
      default -> select(name, value, arguments, frame);
    };
  }

  private static Object first(List<Object> items, String which) {
    return items.isEmpty()
        ? new Undefined("No " + which + " item, sequence was empty.")
        : items.getFirst();
  }

  private static List<Object> reversed(Object value) {
    List<Object> items = new ArrayList<>(Values.iterate(value));
    Collections.reverse(items);
    return items;
  }

  private static Object reverse(Object value) {
    return value instanceof Text text
        ? Slices.slice(text, null, null, -1L)
        : ListValue.generator(reversed(value));
  }

  private static Object join(Object value, Arguments arguments, Frame frame) {
    List<Object> items = Values.iterate(value);
    if (arguments.has(1, "attribute")) {
      items = mapped(items, attribute(arguments.get(1, "attribute")));
    }
    return TextMethods.join(
        Values.text(arguments.get(0, "d", Text.EMPTY)), items, frame.budget(), false);
  }

  private static List<Object> mapped(List<Object> items, Function<Object, Object> function) {
    List<Object> result = new ArrayList<>(items.size());
    items.forEach(item -> result.add(function.apply(item)));
    return result;
  }

  /** What finds {@code a.b.0} in a value. */
  private static Function<Object, Object> attribute(Object path) {
    if (!(path instanceof Text text)) {
      return item -> Members.item(item, path);
    }
    List<Object> keys = new ArrayList<>();
    for (String part : text.toString().split("\\.", -1)) {
      keys.add(part.matches("\\d{1,9}") ? (Object) Long.parseLong(part) : Text.of(part));
    }
    return item -> {
      Object found = item;
      for (Object key : keys) {
        found = Members.item(found, key);
      }
      return found;
    };
  }

  /** The attribute that the arguments name, in lower case unless they say that case matters. */
  private static Function<Object, Object> key(Arguments arguments, int at, boolean caseSensitive) {
    Object path = arguments.get(at, "attribute", None.NONE);
    Function<Object, Object> get = path == None.NONE ? item -> item : attribute(path);
    return caseSensitive ? get : get.andThen(SequenceFilters::folded);
  }

  private static Object folded(Object value) {
    return value instanceof Text text ? TextMethods.lower(text) : value;
  }

  private static Object sum(Object value, Arguments arguments, Frame frame) {
    Function<Object, Object> get = key(arguments, 0, true);
    Object sum = arguments.get(1, "start", 0L);
    for (Object item : Values.iterate(value)) {
      sum = Operators.apply("+", sum, get.apply(item), frame.budget());
    }
    return sum;
  }

  private static Object extreme(Object value, Arguments arguments, Frame frame, int sign) {
    Function<Object, Object> get = key(arguments, 1, arguments.flag(0, "case_sensitive", false));
    List<Object> items = Values.iterate(value);
    Object best = first(items, "");
    for (Object item : items) {
      frame.budget().charge(0);
      if (sign * Operators.order(get.apply(item), get.apply(best), "<") < 0) {
        best = item;
      }
    }
    return best;
  }

  private static Object unique(Object value, Arguments arguments, Frame frame) {
    Function<Object, Object> get = key(arguments, 1, arguments.flag(0, "case_sensitive", false));
    DictValue seen = new DictValue();
    List<Object> result = new ArrayList<>();
    for (Object item : Values.iterate(value)) {
      Object key = get.apply(item);
      frame.budget().charge(0);
      if (!seen.contains(key)) {
        seen.put(key, true);
        result.add(item);
      }
    }
    return ListValue.generator(result);
  }

  private static Comparator<Object> order(Function<Object, Object> key, boolean reverse) {
    Comparator<Object> order = (a, b) -> Operators.order(key.apply(a), key.apply(b), "<");
    return reverse ? order.reversed() : order;
  }

  private static Object sort(Object value, Arguments arguments, Frame frame) {
    List<Object> items = new ArrayList<>(Values.iterate(value));
    frame.budget().charge(64L * items.size());
    boolean caseSensitive = arguments.flag(1, "case_sensitive", false);
    Object path = arguments.get(2, "attribute", None.NONE);
    Comparator<Object> order = Comparator.comparingInt(x -> 0);
    boolean reverse = arguments.flag(0, "reverse", false);
    if (path instanceof Text text && text.toString().contains(",")) {
      for (String one : text.toString().split(",", -1)) {
        Arguments key = Arguments.of(Text.of(one.strip()));
        order = order.thenComparing(order(key(key, 0, caseSensitive), reverse));
      }
    } else {
      order = order(key(arguments, 2, caseSensitive), reverse);
    }
    items.sort(order);
    return ListValue.of(items);
  }

  private static Object dictSort(DictValue dictionary, Arguments arguments) {
    boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
    String by = arguments.text(1, "by", "key").toString();
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateException.runtime("You can only sort by either \"key\" or \"value\"");
    }
    long index = by.equals("key") ? 0 : 1;
    Function<Object, Object> get = item -> Members.item(item, index);
    List<Object> items = dictionary.items();
    items.sort(
        order(
            caseSensitive ? get : get.andThen(SequenceFilters::folded),
            arguments.flag(2, "reverse", false)));
    return ListValue.of(items);
  }

  private static Object groupBy(Object value, Arguments arguments, Frame frame) {
    Function<Object, Object> raw = attribute(arguments.get(0, "attribute"));
    Object fallback = arguments.get(1, "default", None.NONE);
    Function<Object, Object> get =
        item ->
            raw.apply(item) instanceof Undefined && fallback != None.NONE
                ? fallback
                : raw.apply(item);
    boolean caseSensitive = arguments.flag(2, "case_sensitive", false);
    Function<Object, Object> key = caseSensitive ? get : get.andThen(SequenceFilters::folded);
    List<Object> items = new ArrayList<>(Values.iterate(value));
    frame.budget().charge(64L * items.size());
    items.sort(order(key, false));
    Map<Object, List<Object>> groups = new LinkedHashMap<>();
    Map<Object, Object> names = new LinkedHashMap<>();
    for (Object item : items) {
      groups.computeIfAbsent(key.apply(item), k -> new ArrayList<>()).add(item);
      names.putIfAbsent(key.apply(item), get.apply(item));
    }
    List<Object> result = new ArrayList<>();
    groups.forEach((group, members) ->
        result.add(ListValue.tuple(names.getOrDefault(group, group), ListValue.of(members))));
    return ListValue.of(result);
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return ListValue.generator(new ArrayList<>());
    }
    if (value instanceof DictValue dictionary) {
      return ListValue.generator(dictionary.items());
    }
    throw TemplateException.runtime("Can only get item pairs from a mapping.");
  }

  private static Object batch(Object value, Arguments arguments) {
    int size = Math.max(1, arguments.integer(0, "linecount", 1));
    List<Object> items = Values.iterate(value);
    List<Object> batches = new ArrayList<>();
    for (int i = 0; i < items.size(); i += size) {
      batches.add(filled(items.subList(i, Math.min(items.size(), i + size)), size, arguments));
    }
    return ListValue.generator(batches);
  }

  private static Object filled(List<Object> items, int size, Arguments arguments) {
    List<Object> row = new ArrayList<>(items);
    Object fill = arguments.get(1, "fill_with", None.NONE);
    while (fill != None.NONE && row.size() < Math.min(size, 100_000)) {
      row.add(fill);
    }
    return ListValue.of(row);
  }

  private static Object slice(Object value, Arguments arguments) {
    int count = Math.max(1, Math.min(100_000, arguments.integer(0, "slices", 1)));
    List<Object> items = Values.iterate(value);
    int length = items.size() / count;
    int longer = items.size() % count;
    List<Object> slices = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + length + (i < longer ? 1 : 0);
      boolean fills = i >= longer && longer > 0;
      slices.add(filled(items.subList(from, to), fills ? length + 1 : 0, arguments));
      from = to;
    }
    return ListValue.generator(slices);
  }

  private static Object map(Object value, Arguments arguments, Frame frame) {
    List<Object> items = Values.iterate(value);
    if (arguments.positional().isEmpty()) {
      arguments.allow("map", 0, "attribute", "default");
      Function<Object, Object> get = attribute(arguments.get(0, "attribute"));
      Object fallback = arguments.get(1, "default", None.NONE);
      return ListValue.generator(
          mapped(
              items,
              item -> {
                Object found = get.apply(item);
                return found instanceof Undefined && arguments.has(1, "default") ? fallback : found;
              }));
    }
    String name = arguments.text(0, "filter").toString();
    Arguments rest = arguments.skip(1);
    return ListValue.generator(mapped(items, item -> Filters.apply(name, item, rest, frame)));
  }

  /** {@code select}, {@code reject}, {@code selectattr}, {@code rejectattr}. */
  private static Object select(String name, Object value, Arguments arguments, Frame frame) {
    boolean byAttribute = name.endsWith("attr");
    boolean wanted = name.startsWith("select");
    Function<Object, Object> get =
        byAttribute ? attribute(arguments.get(0, "attribute")) : item -> item;
    Arguments rest = byAttribute ? arguments.skip(1) : arguments;
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.iterate(value)) {
      frame.budget().charge(1);
      Object subject = get.apply(item);
      boolean holds =
          rest.positional().isEmpty()
              ? Values.truth(subject)
              : Tests.test(rest.text(0, "test").toString(), subject, rest.skip(1));
      if (holds == wanted) {
        kept.add(item);
      }
    }
    return ListValue.generator(kept);
  }
}
