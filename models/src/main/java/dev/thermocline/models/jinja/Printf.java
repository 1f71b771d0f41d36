package dev.thermocline.models.jinja;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's two ways to fill values into strings: {@code %} and {@code format}. */
final class Printf {
  private static final Pattern FIELD =
      Pattern.compile("%(?:\\((\\w+)\\))?([-+ 0#]*)(\\d{0,4})(?:\\.(\\d{1,3}))?([a-zA-Z%])");
  private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}");

  private Printf() {}

  /** {@code format % values}. */
  static Text format(Text format, Object values, Budget budget) {
    List<Object> list =
        values instanceof ListValue tuple && tuple.kind() == ListValue.Kind.TUPLE
            ? tuple.items()
            : List.of(values);
    Matcher field = FIELD.matcher(format.toString());
    TextBuilder out = new TextBuilder();
    int from = 0;
    int used = 0;
    while (field.find()) {
      out.append(format, from, field.start());
      from = field.end();
      if (field.group(5).equals("%")) {
        out.append("%");
        continue;
      }
      Object value;
      if (field.group(1) != null) {
        value = Members.item(values, Text.of(field.group(1)));
      } else if (used < list.size()) {
        value = list.get(used++);
      } else {
        throw TemplateException.runtime("not enough arguments for format string");
      }
      out.append(field(field, value, budget));
      budget.fits(out.length());
    }
    if (used < list.size() && !(values instanceof DictValue)) {
      throw TemplateException.runtime("not all arguments converted during string formatting");
    }
    return out.append(format, from, format.length()).build();
  }

  private static Text field(Matcher field, Object value, Budget budget) {
    String flags = field.group(2);
    String precision = field.group(4);
    Text plain =
        switch (field.group(5)) {
          case "s" -> shorten(Values.text(value), precision);
          case "r" -> shorten(Values.repr(value), precision);
          case "d", "i", "u" -> Text.of(signed(flags, Long.toString(whole(value))));
          case "x" -> Text.of(Long.toHexString(whole(value)));
          case "X" -> Text.of(Long.toHexString(whole(value)).toUpperCase(Locale.ROOT));
          case "o" -> Text.of(Long.toOctalString(whole(value)));
          case "f", "F", "e", "E", "g", "G" ->
              Text.of(signed(flags, floating(field.group(5), precision, value)));
          case "c" -> Values.text(value);
          default ->
              throw TemplateException.runtime(
                  "unsupported format character '" + field.group(5) + "'");
        };
    int width = field.group(3).isEmpty() ? 0 : Integer.parseInt(field.group(3));
    boolean zeros = flags.contains("0") && !flags.contains("-") && !"src".contains(field.group(5));
    return zeros
        ? TextMethods.zfill(plain, width, budget)
        : TextMethods.pad(
            plain, flags.contains("-") ? "ljust" : "rjust", Arguments.of((long) width), budget);
  }

  private static Text shorten(Text text, String precision) {
    int size = precision == null ? text.size() : Integer.parseInt(precision);
    return text.slice(0, text.offset(Math.min(size, text.size())));
  }

  private static String signed(String flags, String number) {
    if (number.startsWith("-")) {
      return number;
    }
    return flags.contains("+") ? "+" + number : flags.contains(" ") ? " " + number : number;
  }

  private static long whole(Object value) {
    return value instanceof Double number ? number.longValue() : Numbers.index(value);
  }

  private static String floating(String conversion, String precision, Object value) {
    if (!Numbers.isNumber(value)) {
      throw TemplateException.runtime("must be real number, not '" + Values.typeName(value) + "'");
    }
    double number = Numbers.toDouble(value);
    int digits = precision == null ? 6 : Integer.parseInt(precision);
    if (conversion.equalsIgnoreCase("g")) {
      String shortest = Python.repr(number);
      return shortest.endsWith(".0") ? shortest.substring(0, shortest.length() - 2) : shortest;
    }
    return String.format(Locale.ROOT, "%." + digits + conversion.toLowerCase(Locale.ROOT), number);
  }

  /** {@code format.format(...)} with plain fields: {@code {}}, {@code {0}}, {@code {name}}. */
  static Text braces(Text format, Arguments arguments, Budget budget) {
    Matcher field = BRACES.matcher(format.toString());
    TextBuilder out = new TextBuilder();
    int from = 0;
    int next = 0;
    while (field.find()) {
      out.append(format, from, field.start());
      from = field.end();
      String name = field.group(1);
      if (name == null) {
        out.append(field.group().substring(1));
      } else {
        int index =
            name.isEmpty()
                ? next++
                : name.matches("\\d{1,3}") ? Integer.parseInt(name) : Integer.MAX_VALUE;
        out.append(Values.text(arguments.get(index, name)));
      }
      budget.fits(out.length());
    }
    return out.append(format, from, format.length()).build();
  }
}
