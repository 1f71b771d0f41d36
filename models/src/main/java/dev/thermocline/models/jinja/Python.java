package dev.thermocline.models.jinja;

import java.math.BigDecimal;

/** How Python reads and writes strings and numbers. */
final class Python {
  private Python() {}

  /** White space as {@code str.strip} knows it. */
  static boolean isSpace(int c) {
    return c >= '\t' && c <= '\r'
        || c >= 0x1c && c <= ' '
        || c == 0x85
        || c == 0xa0
        || c > 0xa0 && Character.isSpaceChar(c);
  }

  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** The value of a string literal without its quotes. */
  static String unescape(String literal, int line) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < literal.length(); ) {
      char c = literal.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
      } else {
        i = escape(literal, i + 1, line, out);
      }
    }
    return out.toString();
  }

  /** Reads the escape behind a backslash; returns where it ends. */
  private static int escape(String literal, int at, int line, StringBuilder out) {
    char c = literal.charAt(at);
    int simple = "\\'\"abfnrtv".indexOf(c);
    if (simple >= 0) {
      out.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(simple));
      return at + 1;
    }
    return switch (c) {
      case '\n' -> at + 1;
      case 'x' -> hex(literal, at + 1, 2, line, out);
      case 'u' -> hex(literal, at + 1, 4, line, out);
      case 'U' -> hex(literal, at + 1, 8, line, out);
      default -> c >= '0' && c <= '7' ? octal(literal, at, out) : unknown(c, at, out);
    };
  }

  private static int unknown(char c, int at, StringBuilder out) {
    out.append('\\').append(c);
    return at + 1;
  }

  private static int octal(String literal, int at, StringBuilder out) {
    int end = at;
    while (end < literal.length() && end < at + 3 && "01234567".indexOf(literal.charAt(end)) >= 0) {
      end++;
    }
    out.append((char) Integer.parseInt(literal, at, end, 8));
    return end;
  }

  private static int hex(String literal, int at, int digits, int line, StringBuilder out) {
    int end = at + digits;
    if (end <= literal.length() && literal.substring(at, end).matches("[0-9a-fA-F]+")) {
      long code = Long.parseLong(literal, at, end, 16);
      if (code <= Character.MAX_CODE_POINT) {
        out.appendCodePoint((int) code);
        return end;
      }
    }
    throw TemplateException.syntax(
        line, "expected " + digits + " hexadecimal digits of a character after the backslash");
  }

  /** {@code repr} of a float: the shortest digits that read back as it. */
  static String repr(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = exact.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = exact.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** {@code repr} of a string, keeping where its characters came from. */
  static void repr(Text text, TextBuilder out) {
    String chars = text.toString();
    char quote = chars.indexOf('\'') >= 0 && chars.indexOf('"') < 0 ? '"' : '\'';
    out.append(String.valueOf(quote));
    int next;
    for (int i = 0; i < chars.length(); i = next) {
      int c = chars.codePointAt(i);
      next = i + Character.charCount(c);
      out.append(escaped(c, quote), text.isForeign(i));
    }
    out.append(String.valueOf(quote));
  }

  private static String escaped(int c, char quote) {
    return switch (c) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        if (c == quote) {
          yield "\\" + quote;
        }
        yield isPrintable(c)
            ? Character.toString(c)
            : String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
      }
    };
  }

  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
