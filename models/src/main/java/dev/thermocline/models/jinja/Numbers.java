package dev.thermocline.models.jinja;

/** Python's numbers: {@code int} within 64 bits, {@code float}, and {@code bool} as 0 or 1. */
final class Numbers {
  private Numbers() {}

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Boolean;
  }

  static boolean isNan(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  static long toLong(Object value) {
    return value instanceof Boolean flag ? (flag ? 1 : 0) : (Long) value;
  }

  static double toDouble(Object value) {
    return value instanceof Double number ? number : toLong(value);
  }

  static int compare(Object a, Object b) {
    return isInteger(a) && isInteger(b)
        ? Long.compare(toLong(a), toLong(b))
        : Double.compare(toDouble(a) + 0.0, toDouble(b) + 0.0);
  }

  /** A value used as an index or count. */
  static long index(Object value) {
    if (isInteger(value)) {
      return toLong(value);
    }
    throw value instanceof Undefined undefined
        ? undefined.fail()
        : TemplateException.runtime("expected an integer, got '" + Values.typeName(value) + "'");
  }

  /** A count that fits an {@code int}, so that what is made of it can be checked. */
  static int small(Object value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, index(value)));
  }

  static Object parseInteger(String digits, int line) {
    try {
      String lower = digits.toLowerCase(java.util.Locale.ROOT);
      int radix = lower.startsWith("0x") ? 16 : lower.startsWith("0o") ? 8 : 2;
      return lower.matches("0[xob].+")
          ? (Object) Long.parseLong(lower, 2, lower.length(), radix)
          : (Object) Long.parseLong(lower);
    } catch (NumberFormatException e) {
      throw TemplateException.syntax(
          line, "expected an integer of 64 bits, found '" + digits + "'");
    }
  }

  static Object sign(Object value, boolean negative) {
    if (value instanceof Double number) {
      return negative ? -number : number;
    }
    if (isInteger(value)) {
      return negative ? -toLong(value) : toLong(value);
    }
    throw value instanceof Undefined undefined
        ? undefined.fail()
        : TemplateException.runtime(
            "bad operand type for unary "
                + (negative ? "-" : "+")
                + ": '"
                + Values.typeName(value)
                + "'");
  }

  static Object apply(String operator, Object a, Object b) {
    if (isInteger(a) && isInteger(b) && !operator.equals("/")) {
      return integers(operator, toLong(a), toLong(b));
    }
    return floats(operator, toDouble(a), toDouble(b));
  }

  private static Object integers(String operator, long a, long b) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(a, b);
        case "-" -> Math.subtractExact(a, b);
        case "*" -> Math.multiplyExact(a, b);
        case "//" -> Math.floorDivExact(a, nonZero(b));
        case "%" -> Math.floorMod(a, nonZero(b));
        default -> b < 0 ? (Object) Math.pow((double) a, (double) b) : (Object) power(a, b);
      };
    } catch (ArithmeticException e) {
      throw TemplateException.runtime(
          a + " " + operator + " " + b + ": expected an integer of 64 bits");
    }
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1 || base == -1) {
      return exponent == 0 || base == 1 || base == -1 && exponent % 2 == 0 ? 1 : base;
    }
    long result = 1;
    for (long i = 0; i < exponent; i++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw TemplateException.runtime("division by zero");
    }
    return divisor;
  }

  private static Object floats(String operator, double a, double b) {
    if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.runtime("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      default -> Math.pow(a, b);
    };
  }
}
