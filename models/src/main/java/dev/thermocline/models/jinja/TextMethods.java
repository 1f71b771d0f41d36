package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class TextMethods {
  private TextMethods() {}

  /** The method, or null where strings have none of that name. */
  static @Nullable Callable find(Text text, String name) {
    return switch (name) {
      case "upper" -> (a, f) -> upper(text);
      case "lower", "casefold" -> (a, f) -> lower(text);
      case "capitalize" -> (a, f) -> capitalize(text);
      case "title" -> (a, f) -> title(text);
      case "swapcase" -> (a, f) -> swapCase(text);
      case "strip" -> (a, f) -> strip(text, a, true, true);
      case "lstrip" -> (a, f) -> strip(text, a, true, false);
      case "rstrip" -> (a, f) -> strip(text, a, false, true);
      case "startswith" -> (a, f) -> affix(text, a.get(0, "prefix"), true);
      case "endswith" -> (a, f) -> affix(text, a.get(0, "suffix"), false);
      case "removeprefix" -> (a, f) -> removePrefix(text, a.text(0, "prefix").toString());
      case "removesuffix" -> (a, f) -> removeSuffix(text, a.text(0, "suffix").toString());
      case "replace" ->
          (a, f) ->
              replace(
                  text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1), f.budget());
      case "find", "index" -> (a, f) -> find(text, a, name, false);
      case "rfind", "rindex" -> (a, f) -> find(text, a, name, true);
      case "count" -> (a, f) -> count(text.toString(), a.text(0, "sub").toString());
      case "join" -> (a, f) -> join(text, Values.iterate(a.get(0, "iterable")), f.budget(), true);
      case "center", "ljust", "rjust" -> (a, f) -> pad(text, name, a, f.budget());
      case "zfill" -> (a, f) -> zfill(text, a.integer(0, "width", 0), f.budget());
      case "expandtabs" -> (a, f) -> expandTabs(text, a.integer(0, "tabsize", 8), f.budget());
      case "format" -> (a, f) -> Printf.braces(text, a, f.budget());
      default -> splitting(text, name);
    };
  }

  private static @Nullable Callable splitting(Text text, String name) {
    return switch (name) {
      case "split" -> (a, f) -> TextSplit.split(text, a, f.budget());
      case "rsplit" -> (a, f) -> TextSplit.splitFromEnd(text, a, f.budget());
      case "splitlines" ->
          (a, f) -> ListValue.of(TextSplit.lines(text, a.flag(0, "keepends", false)));
      case "partition" -> (a, f) -> TextSplit.partition(text, a.text(0, "sep"), false);
      case "rpartition" -> (a, f) -> TextSplit.partition(text, a.text(0, "sep"), true);
      default -> classifying(text.toString(), name);
    };
  }

  private static @Nullable Callable classifying(String chars, String name) {
    return switch (name) {
      case "isdecimal" -> (a, f) -> all(chars, Character::isDigit);
      case "isdigit" -> (a, f) -> all(chars, TextMethods::isDigit);
      case "isnumeric" -> (a, f) -> all(chars, TextMethods::isNumeric);
      case "isalpha" -> (a, f) -> all(chars, Character::isLetter);
      case "isalnum" -> (a, f) -> all(chars, c -> Character.isLetter(c) || isNumeric(c));
      case "isspace" -> (a, f) -> all(chars, Python::isSpace);
      case "isascii" -> (a, f) -> chars.chars().allMatch(c -> c < 0x80);
      case "isprintable" -> (a, f) -> chars.codePoints().allMatch(Python::isPrintable);
      case "isidentifier" -> (a, f) -> chars.matches("[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*+");
      case "islower" -> (a, f) -> isCase(chars, false);
      case "isupper" -> (a, f) -> isCase(chars, true);
      case "istitle" -> (a, f) -> isCased(chars) && chars.equals(title(Text.of(chars)).toString());
      default -> null;
    };
  }

  private static boolean all(String chars, IntPredicate test) {
    return !chars.isEmpty() && chars.codePoints().allMatch(test);
  }

  /** Digits, also raised, lowered and circled ones. */
  @SuppressWarnings("CharacterGetNumericValue") // only asked of numbers, never of letters
  private static boolean isDigit(int c) {
    int value = Character.getType(c) == Character.OTHER_NUMBER ? Character.getNumericValue(c) : -1;
    return Character.isDigit(c) || value >= 0 && value < 10;
  }

  private static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static boolean isCased(String chars) {
    return chars.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
  }

  /** Whether there are letters with case, all of the one asked for. */
  static boolean isCase(String chars, boolean upper) {
    return isCased(chars)
        && chars
            .codePoints()
            .noneMatch(c -> upper ? Character.isLowerCase(c) : Character.isUpperCase(c));
  }

  static Text upper(Text text) {
    return text.withChars(text.toString().toUpperCase(Locale.ROOT));
  }

  static Text lower(Text text) {
    return text.withChars(text.toString().toLowerCase(Locale.ROOT));
  }

  static Text capitalize(Text text) {
    String chars = text.toString();
    if (chars.isEmpty()) {
      return text;
    }
    int first = Character.charCount(chars.codePointAt(0));
    return text.withChars(
        titled(chars.substring(0, first)) + chars.substring(first).toLowerCase(Locale.ROOT));
  }

  private static String titled(String character) {
    int c = character.codePointAt(0);
    int title = Character.toTitleCase(c);
    return title == c ? character.toUpperCase(Locale.ROOT) : Character.toString(title);
  }

  static Text title(Text text) {
    StringBuilder out = new StringBuilder();
    boolean[] inWord = new boolean[1];
    text.toString()
        .codePoints()
        .forEach(c -> {
          String one = Character.toString(c);
          out.append(inWord[0] ? one.toLowerCase(Locale.ROOT) : titled(one));
          inWord[0] = Character.isUpperCase(c) || Character.isLowerCase(c);
        });
    return text.withChars(out.toString());
  }

  private static Text swapCase(Text text) {
    StringBuilder out = new StringBuilder();
    text.toString()
        .codePoints()
        .mapToObj(Character::toString)
        .forEach(c ->
            out.append(
                Character.isUpperCase(c.codePointAt(0))
                    ? c.toLowerCase(Locale.ROOT)
                    : c.toUpperCase(Locale.ROOT)));
    return text.withChars(out.toString());
  }

  static Text strip(Text text, Arguments arguments, boolean start, boolean end) {
    Object stated = arguments.get(0, "chars", None.NONE);
    String set = stated == None.NONE ? "" : Values.string(stated).toString();
    IntPredicate strips = stated == None.NONE ? Python::isSpace : c -> set.indexOf(c) >= 0;
    String chars = text.toString();
    int from = 0;
    int to = chars.length();
    while (start && from < to && strips.test(chars.codePointAt(from))) {
      from += Character.charCount(chars.codePointAt(from));
    }
    while (end && to > from && strips.test(chars.codePointBefore(to))) {
      to -= Character.charCount(chars.codePointBefore(to));
    }
    return text.slice(from, to);
  }

  private static boolean affix(Text text, Object affix, boolean start) {
    if (affix instanceof ListValue several) {
      return several.items().stream().anyMatch(one -> affix(text, one, start));
    }
    String wanted = Values.string(affix).toString();
    return start ? text.toString().startsWith(wanted) : text.toString().endsWith(wanted);
  }

  private static Text removePrefix(Text text, String prefix) {
    return text.toString().startsWith(prefix) ? text.slice(prefix.length(), text.length()) : text;
  }

  private static Text removeSuffix(Text text, String suffix) {
    return text.toString().endsWith(suffix) ? text.slice(0, text.length() - suffix.length()) : text;
  }

  static Text replace(Text text, Text old, Text by, int count, Budget budget) {
    String chars = text.toString();
    String wanted = old.toString();
    TextBuilder out = new TextBuilder();
    int from = 0;
    int left = count < 0 ? Integer.MAX_VALUE : count;
    // An empty string is found between all characters and at both ends.
    int at = chars.indexOf(wanted);
    for (; at >= 0 && left > 0; left--) {
      budget.fits(out.length() + (long) by.length());
      out.append(text, from, at).append(by);
      from = at + wanted.length();
      if (wanted.isEmpty()) {
        if (at == chars.length()) {
          break;
        }
        at = chars.offsetByCodePoints(at, 1);
      } else {
        at = chars.indexOf(wanted, from);
      }
    }
    return out.append(text, from, text.length()).build();
  }

  private static Object find(Text text, Arguments arguments, String name, boolean last) {
    String chars = text.toString();
    String wanted = arguments.text(0, "sub").toString();
    int size = text.size();
    int from = clamp(arguments.integer(1, "start", 0), size);
    int to = clamp(arguments.integer(2, "end", size), size);
    int at = -1;
    if (from <= to) {
      String range = chars.substring(text.offset(from), text.offset(to));
      int found = last ? range.lastIndexOf(wanted) : range.indexOf(wanted);
      at = found < 0 ? -1 : from + range.codePointCount(0, found);
    }
    if (at < 0 && name.endsWith("index")) {
      throw TemplateException.runtime("substring not found");
    }
    return (long) at;
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  private static Object count(String chars, String wanted) {
    if (wanted.isEmpty()) {
      return chars.codePointCount(0, chars.length()) + 1L;
    }
    long count = 0;
    for (int at = chars.indexOf(wanted);
        at >= 0;
        at = chars.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  /**
   * Joins values.
   *
   * @param strict whether they must be strings
   */
  static Text join(Text separator, List<Object> items, Budget budget, boolean strict) {
    TextBuilder out = new TextBuilder();
    for (int i = 0; i < items.size(); i++) {
      out.append(i > 0 ? separator : Text.EMPTY);
      out.append(strict ? Values.string(items.get(i)) : Values.text(items.get(i)));
      budget.fits(out.length());
    }
    return out.build();
  }

  static Text pad(Text text, String method, Arguments arguments, Budget budget) {
    int missing = arguments.integer(0, "width", 80) - text.size();
    if (missing <= 0) {
      return text;
    }
    budget.reserve(missing);
    Text fill = arguments.text(1, "fillchar", " ");
    // Python gives the odd one to the left where the width is odd too.
    int left =
        switch (method) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & (missing + text.size()) & 1);
        };
    return new TextBuilder().repeat(fill, left).append(text).repeat(fill, missing - left).build();
  }

  static Text zfill(Text text, int width, Budget budget) {
    int missing = Math.max(0, width - text.size());
    budget.reserve(missing);
    boolean signed = text.toString().startsWith("-") || text.toString().startsWith("+");
    return new TextBuilder()
        .append(text, 0, signed ? 1 : 0)
        .append("0".repeat(missing))
        .append(text, signed ? 1 : 0, text.length())
        .build();
  }

  private static Text expandTabs(Text text, int size, Budget budget) {
    TextBuilder out = new TextBuilder();
    int column = 0;
    for (Object item : new ArrayList<>(Values.iterate(text))) {
      Text c = (Text) item;
      if (c.toString().equals("\t")) {
        int blanks = size <= 0 ? 0 : size - column % size;
        out.append(" ".repeat(Math.min(blanks, 1000)));
        column += blanks;
      } else {
        out.append(c);
        column = c.toString().equals("\n") || c.toString().equals("\r") ? 0 : column + 1;
      }
      budget.fits(out.length());
    }
    return out.build();
  }
}
