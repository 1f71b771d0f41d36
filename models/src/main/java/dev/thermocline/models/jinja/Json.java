package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as Python's {@code json.dumps} does, which is what models were trained on. */
final class Json {
  private static final int MAX_DEPTH = 100;

  private final TextBuilder out = new TextBuilder();
  private final Budget budget;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean ascii;
  private final boolean sortKeys;

  private Json(Arguments options, Budget budget) {
    this.budget = budget;
    ascii = options.flag(0, "ensure_ascii", false);
    indent = indent(options.get(1, "indent", None.NONE));
    sortKeys = options.flag(3, "sort_keys", false);
    Object separators = options.get(2, "separators", None.NONE);
    if (separators == None.NONE) {
      itemSeparator = indent == null ? ", " : ",";
      keySeparator = ": ";
    } else {
      List<Object> pair = Values.iterate(separators);
      if (pair.size() != 2) {
        throw TemplateException.runtime("expected two separators, got " + pair.size());
      }
      itemSeparator = Values.string(pair.get(0)).toString();
      keySeparator = Values.string(pair.get(1)).toString();
    }
  }

  private static @Nullable String indent(Object value) {
    if (value == None.NONE) {
      return null;
    }
    return value instanceof Text text
        ? text.toString()
        : " ".repeat(Math.max(0, Math.min(100, Numbers.small(value))));
  }

  /**
   * The filter {@code tojson(ensure_ascii=False, indent=None, separators=None, sort_keys=False)}.
   */
  static Text write(Object value, Arguments options, Budget budget) {
    options.allow("tojson", 4, "ensure_ascii", "indent", "separators", "sort_keys");
    Json json = new Json(options, budget);
    json.value(value, 0);
    return json.out.build();
  }

  private void value(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw TemplateException.limit("expected values of at most " + MAX_DEPTH + " levels");
    }
    budget.charge(1);
    budget.fits(out.length());
    switch (value) {
      case Boolean b -> out.append(b ? "true" : "false");
      case Long l -> out.append(l.toString());
      case Double d -> out.append(number(d));
      case Text t -> string(t);
      case None n -> out.append("null");
      case ListValue list when list.kind() == ListValue.Kind.LIST -> list(list.items(), depth);
      case ListValue list when list.kind() == ListValue.Kind.TUPLE -> list(list.items(), depth);
      case DictValue d -> dictionary(d, depth);
      default ->
          throw TemplateException.runtime(
              "Object of type " + Values.typeName(value) + " is not JSON serializable");
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : Python.repr(value);
  }

  private void list(List<Object> items, int depth) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append("[");
    for (int i = 0; i < items.size(); i++) {
      out.append(i > 0 ? itemSeparator : "");
      line(depth + 1);
      value(items.get(i), depth + 1);
    }
    line(depth);
    out.append("]");
  }

  private void dictionary(DictValue dictionary, int depth) {
    if (dictionary.size() == 0) {
      out.append("{}");
      return;
    }
    List<Map.Entry<Object, Object>> entries = new ArrayList<>(dictionary.entries());
    if (sortKeys) {
      entries.sort((a, b) -> Operators.order(a.getKey(), b.getKey(), "<"));
    }
    String separator = "{";
    for (Map.Entry<Object, Object> entry : entries) {
      out.append(separator);
      line(depth + 1);
      string(key(entry.getKey()));
      out.append(keySeparator);
      value(entry.getValue(), depth + 1);
      separator = itemSeparator;
    }
    line(depth);
    out.append("}");
  }

  private static Text key(Object key) {
    return switch (key) {
      case Text text -> text;
      case Boolean flag -> Text.of(flag ? "true" : "false");
      case None none -> Text.of("null");
      case Long l -> Text.of(l.toString());
      case Double d -> Text.of(number(d));
      default ->
          throw TemplateException.runtime(
              "keys must be str, int, float, bool or None, not " + Values.typeName(key));
    };
  }

  private void line(int depth) {
    if (indent != null) {
      out.append("\n").append(indent.repeat(depth));
    }
  }

  private void string(Text text) {
    out.append("\"");
    String chars = text.toString();
    for (int i = 0; i < chars.length(); i++) {
      out.append(escaped(chars.charAt(i)), text.isForeign(i));
    }
    out.append("\"");
  }

  private String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default ->
          c < ' ' || ascii && c > '~' ? String.format("\\u%04x", (int) c) : String.valueOf(c);
    };
  }
}
