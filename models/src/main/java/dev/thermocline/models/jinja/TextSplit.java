package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's ways to take strings apart. */
final class TextSplit {
  private TextSplit() {}

  static ListValue split(Text text, Arguments arguments, Budget budget) {
    budget.charge(text.length());
    Object separator = arguments.get(0, "sep", None.NONE);
    int max = arguments.integer(1, "maxsplit", -1);
    int times = max < 0 ? Integer.MAX_VALUE : max;
    return ListValue.of(
        separator == None.NONE
            ? words(text, times)
            : split(text, nonEmpty(Values.string(separator)), times));
  }

  private static String nonEmpty(Text separator) {
    if (separator.length() == 0) {
      throw TemplateException.runtime("empty separator");
    }
    return separator.toString();
  }

  private static List<Object> split(Text text, String separator, int times) {
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int at = text.toString().indexOf(separator);
    for (; at >= 0 && parts.size() < times; at = text.toString().indexOf(separator, from)) {
      parts.add(text.slice(from, at));
      from = at + separator.length();
    }
    parts.add(text.slice(from, text.length()));
    return parts;
  }

  /** What white space separates; none of it is empty. */
  private static List<Object> words(Text text, int times) {
    List<Object> words = new ArrayList<>();
    String chars = text.toString();
    int at = skip(chars, 0, true);
    while (at < chars.length()) {
      int end = words.size() < times ? skip(chars, at, false) : Python.stripEnd(chars).length();
      words.add(text.slice(at, end));
      at = skip(chars, end, true);
    }
    return words;
  }

  private static int skip(String chars, int from, boolean space) {
    int at = from;
    while (at < chars.length() && Python.isSpace(chars.charAt(at)) == space) {
      at++;
    }
    return at;
  }

  static ListValue splitFromEnd(Text text, Arguments arguments, Budget budget) {
    int max = arguments.integer(1, "maxsplit", -1);
    Object separator = arguments.get(0, "sep", None.NONE);
    if (max < 0) {
      return split(text, arguments, budget);
    }
    budget.charge(text.length());
    return ListValue.of(
        separator == None.NONE
            ? wordsFromEnd(text, max)
            : splitFromEnd(text, nonEmpty(Values.string(separator)), max));
  }

  private static List<Object> splitFromEnd(Text text, String separator, int times) {
    List<Object> parts = new ArrayList<>();
    int to = text.length();
    while (parts.size() < times) {
      int at = text.toString().lastIndexOf(separator, to - separator.length());
      if (at < 0 || to < separator.length()) {
        break;
      }
      parts.add(text.slice(at + separator.length(), to));
      to = at;
    }
    parts.add(text.slice(0, to));
    Collections.reverse(parts);
    return parts;
  }

  private static List<Object> wordsFromEnd(Text text, int times) {
    List<Object> all = words(text, Integer.MAX_VALUE);
    if (all.size() <= times) {
      return all;
    }
    List<Object> last = all.subList(all.size() - times, all.size());
    int end = Python.stripEnd(text.toString()).length();
    for (int i = 0; i < times; i++) {
      end =
          Python.stripEnd(
                  text.toString().substring(0, end - ((Text) last.get(times - 1 - i)).length()))
              .length();
    }
    List<Object> parts = new ArrayList<>(last);
    parts.addFirst(text.slice(0, end));
    return parts;
  }

  /** Lines without what ends them, or with it. */
  static List<Object> lines(Text text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    String chars = text.toString();
    int from = 0;
    for (int i = 0; i < chars.length(); i++) {
      if (isLineEnd(chars.charAt(i))) {
        boolean pair = chars.startsWith("\r\n", i);
        lines.add(text.slice(from, keepEnds ? i + (pair ? 2 : 1) : i));
        i += pair ? 1 : 0;
        from = i + 1;
      }
    }
    if (from < chars.length()) {
      lines.add(text.slice(from, chars.length()));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return c >= '\n' && c <= '\r'
        || c >= 0x1c && c <= 0x1e
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static ListValue partition(Text text, Text separator, boolean last) {
    String wanted = nonEmpty(separator);
    int at = last ? text.toString().lastIndexOf(wanted) : text.toString().indexOf(wanted);
    if (at < 0) {
      return last
          ? ListValue.tuple(Text.EMPTY, Text.EMPTY, text)
          : ListValue.tuple(text, Text.EMPTY, Text.EMPTY);
    }
    return ListValue.tuple(
        text.slice(0, at), separator, text.slice(at + wanted.length(), text.length()));
  }
}
