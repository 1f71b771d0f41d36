package dev.thermocline.models.jinja;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Filters that give strings. */
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  static Object apply(String name, Object value, Arguments arguments, Budget budget) {
    Text text = Values.text(value);
    return switch (name) {
      case "upper" -> TextMethods.upper(text);
      case "lower" -> TextMethods.lower(text);
      case "capitalize" -> TextMethods.capitalize(text);
      case "title" -> title(text);
      case "trim" -> TextMethods.strip(text, arguments, true, true);
      case "center" -> TextMethods.pad(text, "center", arguments, budget);
      case "replace" ->
          TextMethods.replace(
              text.asMarkup(false),
              Values.text(arguments.get(0, "old")),
              Values.text(arguments.get(1, "new")),
              arguments.integer(2, "count", -1),
              budget);
      case "indent" -> indent(Values.string(value), arguments, budget);
      case "string" -> text;
      case "safe" -> text.asMarkup(true);
      case "escape", "e" -> text.isMarkup() ? text : escape(text).asMarkup(true);
      case "forceescape" -> escape(text.asMarkup(false)).asMarkup(true);
      case "striptags" -> stripTags(text);
      case "truncate" -> truncate(text, arguments);
      case "urlencode" -> urlEncode(value, text);
      case "wordcount" -> WORD.matcher(text.toString()).results().count();
      case "format" -> format(text, arguments, budget);
      default -> Values.repr(value);
    };
  }

  private static Text format(Text text, Arguments arguments, Budget budget) {
    return Printf.format(
        text,
        arguments.named().size() > 0 ? arguments.named() : ListValue.tuple(arguments.positional()),
        budget);
  }

  static Text escape(Text text) {
    TextBuilder out = new TextBuilder();
    String chars = text.toString();
    for (int i = 0; i < chars.length(); i++) {
      String escaped =
          switch (chars.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&#34;";
            case '\'' -> "&#39;";
            default -> chars.substring(i, i + 1);
          };
      out.append(escaped, text.isForeign(i));
    }
    return out.build();
  }

  /** A capital after white space, hyphens and opening brackets, unlike the method of that name. */
  private static Text title(Text text) {
    StringBuilder out = new StringBuilder();
    boolean begins = true;
    for (Object item : Values.iterate(text)) {
      String c = item.toString();
      out.append(begins ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT));
      begins = Python.isSpace(c.codePointAt(0)) || "-({[<".contains(c);
    }
    return text.withChars(out.toString());
  }

  private static Text indent(Text text, Arguments arguments, Budget budget) {
    Object width = arguments.get(0, "width", 4L);
    Text indent =
        width instanceof Text stated
            ? stated
            : Text.of(" ".repeat(Math.max(0, Math.min(10_000, Numbers.small(width)))));
    boolean first = arguments.flag(1, "first", false);
    boolean blank = arguments.flag(2, "blank", false);
    // With one more line end, as Jinja adds, an empty text has a line and a last end makes one.
    List<Object> lines = TextSplit.lines(text.plus(Text.of("\n")), false);
    TextBuilder out = new TextBuilder();
    for (int i = 0; i < lines.size(); i++) {
      Text line = (Text) lines.get(i);
      boolean indents = i == 0 ? first : blank || line.length() > 0;
      out.append(i > 0 ? "\n" : "").append(indents ? indent : Text.EMPTY).append(line);
      budget.fits(out.length());
    }
    return out.build();
  }

  private static Text stripTags(Text text) {
    String plain = text.toString().replaceAll("<!--[\\s\\S]*?-->|<[^>]*+>", "");
    return text.withChars(plain.strip().replaceAll("\\s+", " "));
  }

  private static Text truncate(Text text, Arguments arguments) {
    int length = Math.max(0, arguments.integer(0, "length", 255));
    boolean kill = arguments.flag(1, "killwords", false);
    Text end = arguments.text(2, "end", "...");
    int leeway = arguments.integer(3, "leeway", 5);
    if (text.size() <= (long) length + leeway) {
      return text;
    }
    Text kept = text.slice(0, text.offset(Math.max(0, length - end.size())));
    int space = kept.toString().lastIndexOf(' ');
    return (kill || space < 0 ? kept : kept.slice(0, space)).plus(end);
  }

  private static Text urlEncode(Object value, Text text) {
    if (!(value instanceof DictValue dictionary)) {
      return text.withChars(percent(text.toString(), "/"));
    }
    StringBuilder out = new StringBuilder();
    for (var entry : dictionary.entries()) {
      out.append(out.isEmpty() ? "" : "&")
          .append(percent(Values.text(entry.getKey()).toString(), "").replace("%20", "+"))
          .append('=')
          .append(percent(Values.text(entry.getValue()).toString(), "").replace("%20", "+"));
    }
    return Text.foreign(out.toString());
  }

  private static String percent(String text, String safe) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || ("_.-~" + safe).indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return out.toString();
  }
}
