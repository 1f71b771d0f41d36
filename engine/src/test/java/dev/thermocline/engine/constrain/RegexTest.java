package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
  private static final PieceTokenizer BYTES = PieceTokenizer.bytesAnd(List.of());
  private static final Constraints CONSTRAINTS = Constraints.of(BYTES, BYTES.size());

  static boolean matches(Constraint constraint, String text) {
    TokenConstraint cursor = constraint.start();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      try {
        cursor.advance(2 + (b & 0xff));
      } catch (ConstraintException refused) {
        return false;
      }
    }
    return cursor.isComplete();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a|b|",
        "^abc$",
        "(a|b)*c{2,3}",
        "[a-c]+?b?",
        "[^a]",
        "(?:a(?<name>b))+",
        "\\d{2}\\w\\W\\s?\\D\\S",
        ".",
        "[\\d\\-b]",
        "[a-]",
        "a{,2}|b",
        "\\u00e9|\\x41|\\t|\\n",
        "[\\u00e0-\\u{1F600}]",
        "\\p{Lu}\\P{L}",
        "(a?){3}b",
        "((a|b){2}){2}",
        "(a*)*b",
        "(|a)+"
      })
  void agreesWithJava(String pattern) {
    // Java writes these two in its own way.
    String java = pattern.replace("\\u{1F600}", "\\x{1F600}").replace("{,2}", "\\{,2\\}");
    Pattern expected = Pattern.compile(java);
    Constraint constraint = CONSTRAINTS.regex(pattern);
    SplittableRandom random = new SplittableRandom(pattern.hashCode());
    String alphabet = "aabbccAZ19 -_]{,}2\t\n\u00e9\u4e2d";
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(8); length > 0; length--) {
        int c = random.nextInt(alphabet.length() + 1);
        text.append(c < alphabet.length() ? alphabet.substring(c, c + 1) : "\ud83d\ude00");
      }
      assertEquals(
          expected.matcher(text).matches(), matches(constraint, text.toString()), "'" + text + "'");
    }
  }

  @Test
  void randomPatternsAgreeWithJava() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 400; i++) {
      String pattern = pattern(random, 3);
      Pattern expected = Pattern.compile(pattern);
      Constraint constraint = CONSTRAINTS.regex(pattern);
      for (int j = 0; j < 100; j++) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
          text.append((char) ('a' + random.nextInt(3)));
        }
        assertEquals(
            expected.matcher(text).matches(),
            matches(constraint, text.toString()),
            pattern + " on " + text);
      }
    }
  }

  private static String pattern(SplittableRandom random, int depth) {
    return switch (depth == 0 ? random.nextInt(2) : random.nextInt(7)) {
      case 0 -> String.valueOf((char) ('a' + random.nextInt(3)));
      case 1 ->
          "[" + (random.nextBoolean() ? "^" : "") + "a" + (random.nextBoolean() ? "" : "-b") + "]";
      case 2, 3 -> pattern(random, depth - 1) + pattern(random, depth - 1);
      case 4 -> "(?:" + pattern(random, depth - 1) + "|" + pattern(random, depth - 1) + ")";
      case 5 ->
          "(" + pattern(random, depth - 1) + ")" + List.of("*", "+", "?").get(random.nextInt(3));
      default ->
          "("
              + pattern(random, depth - 1)
              + "){"
              + random.nextInt(3)
              + ","
              + (3 + random.nextInt(2))
              + "}";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "(a; expected ) at the end of a group",
        "a); expected the end of the pattern",
        "[a; expected more, found the end",
        "a{3,2}; expected a range",
        "a{3; expected } after a number",
        "*a; expected something to repeat",
        "a**; expected one quantifier",
        "a++; possessive quantifiers are not supported",
        "(?=a); look-ahead is not regular",
        "(?<!a)b; look-behind is not regular",
        "(a)\\1; back references are not regular",
        "a\\b; the escape \\b is not supported",
        "(?i)a; flags and special groups",
        "a^b; anchors are supported at the ends",
        "a{99999999}; a number of at most 1000000",
        "\\p{Klingon}; the class \\p{Klingon} is not supported",
        "[z-a]; expected a range"
      })
  void whatIsNotSupportedIsRefusedByName(String pattern, String problem) {
    ConstraintException refused =
        assertThrows(ConstraintException.class, () -> CONSTRAINTS.regex(pattern));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(problem), message);
    assertTrue(message.startsWith("pattern, character "), message);
  }

  @Test
  void largeCountsCostNothing() {
    Constraint million = CONSTRAINTS.regex("((a{1000}){1000}){1000}");
    TokenConstraint cursor = million.start();
    for (int i = 0; i < 5000; i++) {
      cursor.advance(2 + 'a');
    }
    assertThrows(ConstraintException.class, () -> cursor.advance(2 + 'b'));
    assertTrue(matches(CONSTRAINTS.regex("(a{50}){40}"), "a".repeat(2000)));
  }
}
