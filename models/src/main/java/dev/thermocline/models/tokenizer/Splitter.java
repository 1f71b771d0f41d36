package dev.thermocline.models.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One step of a pre-tokenizer: cuts a stretch of text into smaller ones. */
interface Splitter {

  /** Adds the end of every part of {@code text[from, to)}, the last of which is {@code to}. */
  void split(String text, int from, int to, IntList ends);

  /** Makes every match of a pattern a part, and what lies between two matches. */
  static Splitter matches(String pattern) {
    Pattern compiled = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
    return (text, from, to, ends) -> {
      Matcher matcher = compiled.matcher(text).region(from, to);
      int last = from;
      while (matcher.find()) {
        if (matcher.start() > last) {
          ends.add(matcher.start());
        }
        last = matcher.end();
        ends.add(last);
      }
      if (last < to) {
        ends.add(to);
      }
    };
  }

  /**
   * Cuts runs of digits into groups of three from the right. Written out, because a pattern has to
   * look at the whole rest of a run for every group.
   *
   * @param beforeBoundary whether only runs that end a word are cut
   */
  static Splitter thousands(boolean beforeBoundary) {
    Pattern digits =
        Pattern.compile(
            beforeBoundary ? "\\d++(?!\\w)" : "\\p{N}++", Pattern.UNICODE_CHARACTER_CLASS);
    return (text, from, to, ends) -> {
      Matcher matcher = digits.matcher(text).region(from, to);
      int last = from;
      while (matcher.find()) {
        if (matcher.start() > last) {
          ends.add(matcher.start());
        }
        last = addGroups(text, matcher.start(), matcher.end(), ends);
      }
      if (last < to) {
        ends.add(to);
      }
    };
  }

  private static int addGroups(String text, int from, int to, IntList ends) {
    int left = text.codePointCount(from, to);
    for (int at = from; at < to; ) {
      int size = left % 3 == 0 ? 3 : left % 3;
      at = text.offsetByCodePoints(at, size);
      left -= size;
      ends.add(at);
    }
    return to;
  }
}
