package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Python's built-in functions say about a value. Values are {@link Boolean}, {@link Long},
 * {@link Double}, {@link Text}, {@link ListValue}, {@link DictValue}, {@link None}, {@link
 * Undefined}, {@link Namespace}, {@link Loop} and {@link Callable}.
 */
final class Values {
  /** Nesting of values whose text is made, or which are compared. */
  private static final int MAX_DEPTH = 100;

  private Values() {}

  static String typeName(Object value) {
    return switch (value) {
      case Boolean b -> "bool";
      case Long l -> "int";
      case Double d -> "float";
      case Text t -> t.isMarkup() ? "Markup" : "str";
      case ListValue list -> list.kind().typeName;
      case DictValue d -> "dict";
      case None n -> "NoneType";
      case Undefined u -> "Undefined";
      case Namespace n -> "Namespace";
      case Loop l -> "LoopContext";
      case Macro m -> "Macro";
      default -> "function";
    };
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean b -> b;
      case Long l -> l != 0;
      case Double d -> d != 0;
      case Text t -> t.length() > 0;
      case ListValue list -> list.kind() == ListValue.Kind.GENERATOR || !list.items().isEmpty();
      case DictValue d -> d.size() > 0;
      case None n -> false;
      case Undefined u -> false;
      default -> true;
    };
  }

  /** {@code str(value)}. */
  static Text text(Object value) {
    return switch (value) {
      case Text t -> t;
      case Undefined u -> Text.EMPTY;
      default -> repr(value);
    };
  }

  /** {@code repr(value)}. */
  static Text repr(Object value) {
    TextBuilder out = new TextBuilder();
    repr(value, out, 0);
    return out.build();
  }

  private static void repr(Object value, TextBuilder out, int depth) {
    if (depth > MAX_DEPTH) {
      throw TemplateException.limit("expected values of at most " + MAX_DEPTH + " levels");
    }
    switch (value) {
      case Boolean b -> out.append(b ? "True" : "False");
      case Long l -> out.append(l.toString());
      case Double d -> out.append(Python.repr(d));
      case Text t -> repr(t, out);
      case ListValue list -> repr(list, out, depth + 1);
      case DictValue d -> repr(d, out, depth + 1);
      case None n -> out.append("None");
      case Undefined u -> out.append("Undefined");
      case Macro m -> out.append("<Macro '" + m.node().name() + "'>");
      default -> out.append("<" + typeName(value) + ">");
    }
  }

  private static void repr(Text text, TextBuilder out) {
    out.append(text.isMarkup() ? "Markup(" : "");
    Python.repr(text, out);
    out.append(text.isMarkup() ? ")" : "");
  }

  private static void repr(ListValue list, TextBuilder out, int depth) {
    switch (list.kind()) {
      case LIST -> items(list.items(), "[", "]", out, depth);
      case TUPLE -> items(list.items(), "(", list.items().size() == 1 ? ",)" : ")", out, depth);
      case KEYS, VALUES, ITEMS ->
          items(list.items(), list.kind().typeName + "([", "])", out, depth);
      case RANGE, GENERATOR -> out.append("<" + list.kind().typeName + " object>");
    }
  }

  private static void items(
      List<Object> items, String open, String close, TextBuilder out, int depth) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      out.append(i > 0 ? ", " : "");
      repr(items.get(i), out, depth);
    }
    out.append(close);
  }

  private static void repr(DictValue dictionary, TextBuilder out, int depth) {
    String separator = "{";
    for (Map.Entry<Object, Object> entry : dictionary.entries()) {
      out.append(separator);
      repr(entry.getKey(), out, depth);
      out.append(": ");
      repr(entry.getValue(), out, depth);
      separator = ", ";
    }
    out.append(dictionary.size() == 0 ? "{}" : "}");
  }

  /** The elements that a loop over the value sees; a generator gives them once. */
  static List<Object> iterate(Object value) {
    return switch (value) {
      case ListValue list when list.kind() == ListValue.Kind.GENERATOR -> {
        List<Object> items = List.copyOf(list.items());
        list.items().clear();
        yield items;
      }
      case ListValue list -> list.items();
      case DictValue d -> d.keys();
      case Text t -> characters(t);
      case Undefined u -> List.of();
      default -> throw wrongType(value, "is not iterable");
    };
  }

  private static List<Object> characters(Text text) {
    List<Object> characters = new ArrayList<>();
    int next;
    for (int i = 0; i < text.length(); i = next) {
      next = text.toString().offsetByCodePoints(i, 1);
      characters.add(text.slice(i, next));
    }
    return characters;
  }

  /** {@code len(value)}. */
  static long length(Object value) {
    return switch (value) {
      case Text t -> t.size();
      case ListValue list when list.kind() != ListValue.Kind.GENERATOR -> list.items().size();
      case DictValue d -> d.size();
      case Undefined u -> 0;
      default ->
          throw TemplateException.runtime("object of type '" + typeName(value) + "' has no len()");
    };
  }

  /** How much work looking through the value is. */
  static long weight(Object value) {
    return switch (value) {
      case Text t -> t.length();
      case ListValue list -> list.items().size();
      default -> 1;
    };
  }

  static Text string(Object value) {
    if (value instanceof Text text) {
      return text;
    }
    throw TemplateException.runtime("expected a string, got '" + typeName(value) + "'");
  }

  static DictValue dictionary(Object value) {
    if (value instanceof DictValue dictionary) {
      return dictionary;
    }
    throw value instanceof Undefined undefined
        ? undefined.fail()
        : TemplateException.runtime("expected a mapping, got '" + typeName(value) + "'");
  }

  static Object call(Object callee, Arguments arguments, Frame frame) {
    if (callee instanceof Callable function) {
      frame.budget().enter();
      Object result = function.call(arguments, frame);
      frame.budget().leave();
      return result;
    }
    throw wrongType(callee, "is not callable");
  }

  static TemplateException wrongType(Object value, String what) {
    return value instanceof Undefined undefined
        ? undefined.fail()
        : TemplateException.runtime("'" + typeName(value) + "' object " + what);
  }

  static boolean equal(Object a, Object b) {
    return equal(a, b, 0);
  }

  private static boolean equal(Object a, Object b, int depth) {
    if (depth > MAX_DEPTH) {
      throw TemplateException.limit("expected values of at most " + MAX_DEPTH + " levels");
    }
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b) == 0 && !Numbers.isNan(a) && !Numbers.isNan(b);
    }
    return switch (a) {
      case ListValue x ->
          b instanceof ListValue y && x.kind() == y.kind() && equal(x.items(), y.items(), depth);
      case DictValue x -> b instanceof DictValue y && equal(x, y, depth);
      case Undefined u -> b instanceof Undefined;
      default -> a.equals(b);
    };
  }

  private static boolean equal(List<Object> a, List<Object> b, int depth) {
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = equal(a.get(i), b.get(i), depth + 1);
    }
    return same;
  }

  private static boolean equal(DictValue a, DictValue b, int depth) {
    boolean same = a.size() == b.size();
    for (Map.Entry<Object, Object> entry :
        same ? a.entries() : List.<Map.Entry<Object, Object>>of()) {
      Object other = b.get(entry.getKey());
      same &= other != null && equal(entry.getValue(), other, depth + 1);
    }
    return same;
  }
}
