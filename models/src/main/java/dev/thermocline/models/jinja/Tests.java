package dev.thermocline.models.jinja;

import java.util.Set;

/** Jinja's tests: {@code value is name(arguments)}. */
final class Tests {
  private static final Set<String> NAMES =
      Set.of(
          ("defined undefined none true false boolean integer float number string mapping sequence"
                  + " iterable callable sameas escaped lower upper odd even divisibleby filter test in"
                  + " == eq equalto != ne > gt greaterthan >= ge < lt lessthan <= le")
              .split(" ", -1));

  private Tests() {}

  static boolean test(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "boolean" -> value instanceof Boolean;
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "number" -> Numbers.isNumber(value);
      case "string" -> value instanceof Text;
      case "mapping" -> value instanceof DictValue;
      case "sequence" -> isSequence(value);
      case "iterable" -> isSequence(value) || value instanceof ListValue;
      case "callable" -> value instanceof Callable;
      case "sameas" -> isSame(value, arguments.get(0, "other"));
      case "escaped" -> value instanceof Text text && text.isMarkup();
      case "lower" -> TextMethods.isCase(Values.text(value).toString(), false);
      case "upper" -> TextMethods.isCase(Values.text(value).toString(), true);
      case "odd", "even", "divisibleby" -> divides(name, value, arguments);
      case "filter" -> Filters.exists(Values.text(value).toString());
      case "test" -> NAMES.contains(Values.text(value).toString());
      case "in" -> Operators.contains(arguments.get(0, "seq"), value);
      default -> Operators.compare(operator(name), value, arguments.get(0, "other"));
    };
  }

  private static String operator(String name) {
    return switch (name) {
      case "==", "eq", "equalto" -> "==";
      case "!=", "ne" -> "!=";
      case ">", "gt", "greaterthan" -> ">";
      case ">=", "ge" -> ">=";
      case "<", "lt", "lessthan" -> "<";
      case "<=", "le" -> "<=";
      default -> throw TemplateException.runtime("No test named '" + name + "'.");
    };
  }

  private static boolean isSequence(Object value) {
    return value instanceof Text
        || value instanceof DictValue
        || value instanceof Undefined
        || value instanceof ListValue list && list.isIndexed();
  }

  @SuppressWarnings("ReferenceEquality") // which is what sameas asks for
  private static boolean isSame(Object a, Object b) {
    return a instanceof ListValue || a instanceof DictValue
        ? a == b
        : a.getClass() == b.getClass() && Values.equal(a, b);
  }

  private static boolean divides(String name, Object value, Arguments arguments) {
    Object by = name.equals("divisibleby") ? arguments.get(0, "num") : (Object) 2L;
    Object rest = Operators.apply("%", value, by, new Budget());
    return Values.equal(rest, name.equals("odd") ? 1L : 0L);
  }
}
