package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thermocline.engine.constrain.automaton.GrammarConstraint;
import dev.thermocline.engine.constrain.automaton.TokenTrie;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token is in the mask exactly if the slow oracle can read its bytes. */
class MaskTest {
  private static final String ALPHABET = "abc";
  private static final int GRAMMARS = 100;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void masksAreWhatTheOracleSays(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PieceTokenizer tokenizer = PieceTokenizer.random(random, ALPHABET, 60);
    TokenTrie trie = TokenTrie.of(tokenizer, tokenizer.size() + 3);
    int walked = 0;
    for (int i = 0; i < GRAMMARS; i++) {
      Expr expr = new RandomExpr(random).expr(4);
      walked += walk(expr, trie, tokenizer, random);
    }
    System.out.println("seed " + seed + ": " + walked + " masks");
  }

  private static int walk(
      Expr expr, TokenTrie trie, PieceTokenizer tokenizer, SplittableRandom random) {
    TokenConstraint cursor = new GrammarConstraint(expr, trie).start();
    long[] mask = new long[(trie.vocabulary() + 63) / 64];
    Expr left = expr;
    int steps = 0;
    for (; steps < 30; steps++) {
      cursor.fill(mask);
      List<Integer> allowed = new ArrayList<>();
      for (int token = 0; token < trie.vocabulary(); token++) {
        boolean in = (mask[token / 64] >>> token & 1) != 0;
        assertEquals(expected(left, token, tokenizer), in, expr + " at " + left + ": " + token);
        if (in && token != PieceTokenizer.END) {
          allowed.add(token);
        }
      }
      assertEquals(Derivatives.isNullable(left), cursor.isComplete(), expr + " at " + left);
      if (allowed.isEmpty()) {
        assertEquals(cursor.isComplete(), cursor.isFinished());
        break;
      }
      int token = allowed.get(random.nextInt(allowed.size()));
      cursor.advance(token);
      left = Derivatives.after(left, tokenizer.piece(token, false));
      int refused = 2 + 'z';
      assertThrows(ConstraintException.class, () -> cursor.advance(refused));
    }
    return steps;
  }

  private static boolean expected(Expr left, int token, PieceTokenizer tokenizer) {
    if (token == PieceTokenizer.END) {
      return Derivatives.isNullable(left);
    }
    return token != PieceTokenizer.CONTROL
        && token < tokenizer.size()
        && !Derivatives.isNever(Derivatives.after(left, tokenizer.piece(token, false)));
  }

  /** Grammars in which everything can end, recursion included. */
  private static final class RandomExpr {
    private final SplittableRandom random;
    private final List<Expr.Rule> rules = new ArrayList<>();

    RandomExpr(SplittableRandom random) {
      this.random = random;
    }

    Expr expr(int depth) {
      int kind = depth == 0 ? random.nextInt(2) : random.nextInt(9);
      return switch (kind) {
        case 0, 1 -> Derivatives.bytes(ALPHABET.substring(random.nextInt(3), 3));
        case 2, 3 -> Expr.sequence(expr(depth - 1), expr(depth - 1));
        case 4 -> Expr.choice(expr(depth - 1), expr(depth - 1));
        case 5 -> repeat(depth);
        case 6 -> new Expr.Literals(List.of("ab", "abc", "b", "cab"));
        case 7 -> nested(depth);
        default -> again(depth);
      };
    }

    private Expr repeat(int depth) {
      int min = random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(3);
      int max = random.nextBoolean() ? Expr.UNBOUNDED : min + random.nextInt(12);
      return new Expr.Repeat(expr(depth - 1), min, max);
    }

    /** A rule that holds itself between two other things, or on the right, or not at all. */
    private Expr nested(int depth) {
      Expr.Rule rule = new Expr.Rule("r" + rules.size());
      Expr end = expr(depth - 1);
      Expr open = Derivatives.bytes("a");
      Expr inner =
          random.nextBoolean()
              ? Expr.sequence(open, rule, expr(depth - 1))
              : Expr.sequence(open, rule);
      rule.define(Expr.choice(inner, end));
      rules.add(rule);
      return rule;
    }

    private Expr again(int depth) {
      return rules.isEmpty() ? expr(depth - 1) : rules.get(random.nextInt(rules.size()));
    }
  }
}
