package dev.thermocline.engine.constrain.regex;

import dev.thermocline.engine.constrain.grammar.CodePoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * The named classes of regular expressions. Where dialects differ (ECMA 262, Java), a class is what
 * all of them agree on, so that what is generated matches in each.
 */
final class CharacterClasses {
  static final CodePoints DIGIT = CodePoints.of('0', '9');
  static final CodePoints WORD =
      DIGIT.or(CodePoints.of('a', 'z')).or(CodePoints.of('A', 'Z')).or(CodePoints.of('_'));
  static final CodePoints SPACE = CodePoints.among(" \t\n\u000b\f\r");
  private static final CodePoints ANY_SPACE =
      SPACE
          .or(CodePoints.among("\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"))
          .or(CodePoints.of(0x2000, 0x200a));
  static final CodePoints NOT_SPACE = ANY_SPACE.not();

  /** What a dot stands for. */
  static final CodePoints DOT = CodePoints.among("\n\r\u0085\u2028\u2029").not();

  private static final Map<String, IntPredicate> PROPERTIES =
      Map.ofEntries(
          Map.entry("l", Character::isLetter),
          Map.entry("letter", Character::isLetter),
          Map.entry("alphabetic", Character::isAlphabetic),
          Map.entry("lu", c -> Character.getType(c) == Character.UPPERCASE_LETTER),
          Map.entry("ll", c -> Character.getType(c) == Character.LOWERCASE_LETTER),
          Map.entry("nd", c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("n", CharacterClasses::isNumber),
          Map.entry("p", CharacterClasses::isPunctuation),
          Map.entry("s", CharacterClasses::isSymbol),
          Map.entry("z", c -> Character.isSpaceChar(c)),
          Map.entry("zs", c -> Character.getType(c) == Character.SPACE_SEPARATOR));

  /** A scan looks at a million characters. */
  private static final Map<String, CodePoints> SCANNED = new ConcurrentHashMap<>();

  private CharacterClasses() {}

  private static boolean isNumber(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static boolean isPunctuation(int c) {
    int type = Character.getType(c);
    return type >= Character.DASH_PUNCTUATION && type <= Character.OTHER_PUNCTUATION
        || type == Character.INITIAL_QUOTE_PUNCTUATION
        || type == Character.FINAL_QUOTE_PUNCTUATION;
  }

  private static boolean isSymbol(int c) {
    int type = Character.getType(c);
    return type >= Character.MATH_SYMBOL && type <= Character.OTHER_SYMBOL;
  }

  /** The class {@code \p{name}}, if it is known. */
  static Optional<CodePoints> property(String name) {
    String known = name.toLowerCase(Locale.ROOT);
    IntPredicate test = PROPERTIES.get(known);
    return Optional.ofNullable(test).map(t -> SCANNED.computeIfAbsent(known, n -> scan(t)));
  }

  private static CodePoints scan(IntPredicate test) {
    List<CodePoints.Range> ranges = new ArrayList<>();
    int from = -1;
    for (int c = 0; c <= CodePoints.MAX + 1; c++) {
      boolean inside = c <= CodePoints.MAX && test.test(c);
      if (inside && from < 0) {
        from = c;
      } else if (!inside && from >= 0) {
        ranges.add(new CodePoints.Range(from, c - 1));
        from = -1;
      }
    }
    return CodePoints.normalized(ranges);
  }
}
