package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GbnfTest {
  private static final PieceTokenizer BYTES = PieceTokenizer.bytesAnd(List.of());
  private static final Constraints CONSTRAINTS = Constraints.of(BYTES, BYTES.size());

  private static boolean matches(String grammar, String text) {
    return RegexTest.matches(CONSTRAINTS.gbnf(grammar), text);
  }

  @Test
  void rulesReferToEachOtherAndToThemselves() {
    String arithmetic =
        """
        # Sums and products, right-recursive.
        root ::= expr "\\n"   # a line
        expr ::= term ([-+] expr)?
        term ::= factor ( "*"
               term )?
        factor ::= num |
                   "(" expr ")"
        num ::= [0-9]+
        """;
    assertTrue(matches(arithmetic, "1+2*(3-4)\n"));
    assertTrue(matches(arithmetic, "((((7))))\n"));
    assertFalse(matches(arithmetic, "1+\n"));
    assertFalse(matches(arithmetic, "((7)\n"));
    assertFalse(matches(arithmetic, "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "root ::= \"a\"{2,3}; aa; a",
        "root ::= \"a\"{2}; aa; aaa",
        "root ::= \"a\"{2,}; aaaa; a",
        "root ::= \"ab\"*; abab; aba",
        "root ::= [a-c\\-]+; a-b; d",
        "root ::= [^a-c\\n]; d; a",
        "root ::= [a-]+; a-; b",
        "root ::= \"\\x41\\u00e9\\U0001F600\"; A\u00e9\ud83d\ude00; A\u00e9",
        "root ::= [\\u4e00-\\u9fff]; \u4e2d; z",
        "root ::= .; \u4e2d; ab",
        "root ::= (\"a\" | (\"b\" \"c\")?) \"d\"; bcd; abcd",
        "root ::= \"a\" | ; a; b",
        "root ::= my-rule_2\\nmy-rule_2 ::= \"x\"; x; y"
      })
  void elements(String grammar, String yes, String no) {
    String lines = grammar.replace("\\nmy", "\nmy");
    assertTrue(matches(lines, yes));
    assertFalse(matches(lines, no));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "x ::= \"a\"; expected a rule root, found none",
        "root ::= missing; expected a rule missing, which others name, found none",
        "root = \"a\"; expected ::=",
        "root ::= \"a; expected more, found the end",
        "root ::= (\"a\"; expected ) at the end of a group",
        "root ::= \"a\" ); expected the end of the rule, found )",
        "root ::= *; expected a literal, class, group or name",
        "root ::= \"\\q\"; the escape \\q is not known",
        "root ::= root \"a\" | \"b\"; rule root: expected something to be read before",
        "root ::= \"\"? root \"a\" | \"b\"; rule root: expected something to be read before",
        "root ::= \"a\" root; expected something that a finite text can satisfy",
        "root ::= \"a\"{3,2}; expected a range"
      })
  void mistakesAreNamed(String grammar, String problem) {
    ConstraintException refused =
        assertThrows(ConstraintException.class, () -> CONSTRAINTS.gbnf(grammar));
    assertTrue(String.valueOf(refused.getMessage()).contains(problem), refused.toString());
  }

  @Test
  void whatCannotEndIsNeverBegun() {
    // The first alternative needs itself; only the second is there.
    String grammar = "root ::= \"a\" x | \"b\"\nx ::= \"c\" x";
    TokenConstraint cursor = CONSTRAINTS.gbnf(grammar).start();
    long[] mask = new long[(BYTES.size() + 63) / 64];
    assertTrue(cursor.fill(mask));
    assertEquals(1, java.util.Arrays.stream(mask).map(Long::bitCount).sum());
    cursor.advance(2 + 'b');
    assertTrue(cursor.isFinished());
  }

  @Test
  void nestingIsBoundedSoThatItCanStillEnd() {
    String grammar = "root ::= \"(\" root \")\" | \"x\"";
    TokenConstraint cursor = CONSTRAINTS.gbnf(grammar).start();
    int depth = 0;
    long[] mask = new long[(BYTES.size() + 63) / 64];
    while (cursor.fill(mask) && (mask[(2 + '(') / 64] >>> 2 + '(' & 1) != 0) {
      cursor.advance(2 + '(');
      depth++;
    }
    assertTrue(depth > 390 && depth <= 400, "depth " + depth);
    cursor.advance(2 + 'x');
    for (int i = 0; i < depth; i++) {
      assertFalse(cursor.isComplete());
      cursor.advance(2 + ')');
    }
    assertTrue(cursor.isFinished());
  }

  @Test
  void ambiguityIsBoundedInSteps() {
    // After n letters there are 2^n stacks.
    String grammar = "root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"a\"";
    TokenConstraint cursor = CONSTRAINTS.gbnf(grammar).start();
    ConstraintException refused =
        assertThrows(
            ConstraintException.class,
            () -> {
              for (int i = 0; i < 100; i++) {
                cursor.advance(2 + 'a');
              }
            });
    assertTrue(String.valueOf(refused.getMessage()).contains("expected"), refused.toString());
  }
}
