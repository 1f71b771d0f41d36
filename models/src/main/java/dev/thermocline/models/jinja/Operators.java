package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's binary operators. */
final class Operators {
  private Operators() {}

  static Object apply(String operator, Object a, Object b, Budget budget) {
    if (a instanceof Undefined undefined) {
      throw undefined.fail();
    }
    if (b instanceof Undefined undefined && !(operator.equals("%") && a instanceof Text)) {
      throw undefined.fail();
    }
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.apply(operator, a, b);
    }
    return switch (operator) {
      case "+" -> plus(a, b, budget);
      case "*" -> times(a, b, budget);
      case "%" -> modulo(a, b, budget);
      default -> throw unsupported(operator, a, b);
    };
  }

  private static Object plus(Object a, Object b, Budget budget) {
    if (a instanceof Text left && b instanceof Text right) {
      budget.reserve((long) left.length() + right.length());
      return left.plus(right);
    }
    if (a instanceof ListValue left
        && b instanceof ListValue right
        && left.kind() == right.kind()
        && (left.kind() == ListValue.Kind.LIST || left.kind() == ListValue.Kind.TUPLE)) {
      budget.reserve((long) left.items().size() + right.items().size());
      List<Object> all = new ArrayList<>(left.items());
      all.addAll(right.items());
      return new ListValue(all, left.kind());
    }
    if (a instanceof Text || a instanceof ListValue) {
      String type = Values.typeName(a);
      throw TemplateException.runtime(
          "can only concatenate " + type + " (not \"" + Values.typeName(b) + "\") to " + type);
    }
    throw unsupported("+", a, b);
  }

  private static Object times(Object a, Object b, Budget budget) {
    if (Numbers.isInteger(a)) {
      return times(b, a, "*", b, budget);
    }
    return times(a, b, "*", a, budget);
  }

  private static Object times(
      Object sequence, Object count, String operator, Object first, Budget budget) {
    if (!Numbers.isInteger(count)) {
      throw unsupported(operator, first, count);
    }
    int times = Math.max(0, Numbers.small(count));
    if (sequence instanceof Text text) {
      budget.reserve((long) text.length() * times);
      return new TextBuilder().repeat(text, text.length() == 0 ? 0 : times).build();
    }
    if (sequence instanceof ListValue list && list.isIndexed()) {
      budget.reserve((long) list.items().size() * times);
      List<Object> all = new ArrayList<>();
      for (int i = 0; i < times && !list.items().isEmpty(); i++) {
        all.addAll(list.items());
      }
      return new ListValue(all, list.kind());
    }
    throw unsupported(operator, sequence, count);
  }

  private static Object modulo(Object a, Object b, Budget budget) {
    if (a instanceof Text format) {
      return Printf.format(format, b, budget);
    }
    throw unsupported("%", a, b);
  }

  private static TemplateException unsupported(String operator, Object a, Object b) {
    return TemplateException.runtime(
        "unsupported operand types for "
            + operator
            + ": '"
            + Values.typeName(a)
            + "' and '"
            + Values.typeName(b)
            + "'");
  }

  static boolean compare(String operator, Object a, Object b) {
    return switch (operator) {
      case "==" -> Values.equal(a, b);
      case "!=" -> !Values.equal(a, b);
      case "in" -> contains(b, a);
      case "not in" -> !contains(b, a);
      case "<" -> order(a, b, operator) < 0;
      case "<=" -> order(a, b, operator) <= 0;
      case ">" -> order(a, b, operator) > 0;
      default -> order(a, b, operator) >= 0;
    };
  }

  /** {@code item in container}. */
  static boolean contains(Object container, Object item) {
    if (container instanceof Text text) {
      if (!(item instanceof Text part)) {
        throw TemplateException.runtime(
            "'in <string>' requires string as left operand, not " + Values.typeName(item));
      }
      return text.toString().contains(part.toString());
    }
    if (container instanceof DictValue dictionary) {
      return dictionary.contains(item);
    }
    if (container instanceof ListValue || container instanceof Undefined) {
      return Values.iterate(container).stream().anyMatch(x -> Values.equal(x, item));
    }
    throw TemplateException.runtime(
        "argument of type '" + Values.typeName(container) + "' is not iterable");
  }

  /** Order of two values, negative where {@code a} comes first. */
  static int order(Object a, Object b, String operator) {
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b);
    }
    if (a instanceof Text left && b instanceof Text right) {
      return compareCodePoints(left.toString(), right.toString());
    }
    if (a instanceof ListValue left
        && b instanceof ListValue right
        && left.kind() == right.kind()) {
      return order(left.items(), right.items(), operator);
    }
    if (a instanceof Undefined undefined) {
      throw undefined.fail();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.fail();
    }
    throw TemplateException.runtime(
        "'"
            + operator
            + "' not supported between instances of '"
            + Values.typeName(a)
            + "' and '"
            + Values.typeName(b)
            + "'");
  }

  private static int order(List<Object> a, List<Object> b, String operator) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!Values.equal(a.get(i), b.get(i))) {
        return order(a.get(i), b.get(i), operator);
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int compareCodePoints(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }
}
