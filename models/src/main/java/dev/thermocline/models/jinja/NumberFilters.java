package dev.thermocline.models.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Filters that give numbers. */
final class NumberFilters {
  private NumberFilters() {}

  static Object apply(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "abs" ->
          Numbers.toDouble(number(value)) < 0
              ? Numbers.sign(value, true)
              : Numbers.sign(value, false);
      case "round" -> round(value, arguments);
      case "int" -> integer(value, arguments);
      case "float" -> floating(value, arguments.get(0, "default", 0.0));
      default -> fileSize(value, arguments.flag(0, "binary", false));
    };
  }

  private static Object number(Object value) {
    if (Numbers.isNumber(value)) {
      return value;
    }
    throw Values.wrongType(value, "is not a number");
  }

  private static Object round(Object value, Arguments arguments) {
    double number = Numbers.toDouble(number(value));
    int digits = Math.max(-300, Math.min(300, arguments.integer(0, "precision", 0)));
    String method = arguments.text(1, "method", "common").toString();
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return number;
    }
    if (Numbers.isInteger(value) && method.equals("common")) {
      // Python rounds an integer to an integer.
      return BigDecimal.valueOf(Numbers.toLong(value))
          .setScale(Math.min(0, digits), RoundingMode.HALF_EVEN)
          .longValue();
    }
    double scale = Math.pow(10, digits);
    return switch (method) {
      case "common" ->
          new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
      case "ceil" -> Math.ceil(number * scale) / scale;
      case "floor" -> Math.floor(number * scale) / scale;
      default ->
          throw TemplateException.runtime("method must be common, ceil or floor, got " + method);
    };
  }

  private static Object integer(Object value, Arguments arguments) {
    Object fallback = arguments.get(0, "default", 0L);
    int base = arguments.integer(1, "base", 10);
    if (Numbers.isInteger(value)) {
      return Numbers.toLong(value);
    }
    if (value instanceof Text text && base >= 2 && base <= 36) {
      String digits = text.toString().strip().replaceAll("(?<=[0-9a-zA-Z])_(?=[0-9a-zA-Z])", "");
      digits = digits.replaceFirst("^(?i)([-+]?)0[xob]", "$1");
      if (digits.matches("[-+]?[0-9a-zA-Z]{1,18}")) {
        try {
          return Long.parseLong(digits, base);
        } catch (NumberFormatException e) {
          return truncated(value, fallback); // it may be a float
        }
      }
    }
    return truncated(value, fallback);
  }

  private static Object truncated(Object value, Object fallback) {
    Object number = floating(value, fallback);
    return number instanceof Double d && Math.abs(d) < 9e18 ? (Object) d.longValue() : fallback;
  }

  private static Object floating(Object value, Object fallback) {
    if (Numbers.isNumber(value)) {
      return Numbers.toDouble(value);
    }
    if (value instanceof Text text) {
      String number = text.toString().strip().replaceAll("(?<=\\d)_(?=\\d)", "");
      if (number.matches("[-+]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][-+]?\\d{1,5})?")) {
        return Double.parseDouble(number);
      }
      String lower = number.toLowerCase(Locale.ROOT).replaceFirst("^\\+", "");
      return switch (lower) {
        case "inf", "infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> fallback;
      };
    }
    return fallback;
  }

  private static Text fileSize(Object value, boolean binary) {
    double bytes = Numbers.toDouble(floating(value, 0.0));
    int base = binary ? 1024 : 1000;
    if (bytes < base) {
      return Text.of(bytes == 1 ? "1 Byte" : (long) bytes + " Bytes");
    }
    int power = 0;
    double scaled = bytes;
    while (scaled >= base && power < 8) {
      scaled /= base;
      power++;
    }
    String unit = "kMGTPEZY".substring(power - 1, power);
    return Text.of(
        String.format(
            Locale.ROOT,
            "%.1f %s",
            scaled,
            binary ? unit.toUpperCase(Locale.ROOT) + "iB" : unit + "B"));
  }
}
