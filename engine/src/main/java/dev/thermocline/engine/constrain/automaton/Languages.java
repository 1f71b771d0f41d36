package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Combines expressions that are regular: what both allow, or what one allows and the other does
 * not. Walks the states of both at once (Rabin and Scott, 1959). What one instance may do in all is
 * bounded.
 */
public final class Languages {
  private static final int MOST_PAIRS = 10_000;

  /** Bounds both, so that neither forgets what the walk stands on. */
  private static final int MOST_STATES = 2 * MOST_PAIRS;

  /** Nodes of programs built and pairs walked, for one schema. */
  private static final int ALLOWANCE = 1_000_000;

  private int left = ALLOWANCE;

  /**
   * What both allow.
   *
   * @param what is combined, for errors
   * @throws ConstraintException if that takes too many states
   */
  public Expr and(String what, Expr one, Expr other) {
    return new Product(what, program(what, one), program(what, other), true).combine();
  }

  /** What the one allows and the other does not. */
  public Expr minus(String what, Expr one, Expr other) {
    return new Product(what, program(what, one), program(what, other), false).combine();
  }

  /** Whether an expression allows a text. */
  public Predicate<String> matcher(String what, Expr expr) {
    Program program = program(what, expr);
    Automaton automaton = new Automaton(program, 1, MOST_STATES);
    State start = automaton.start();
    return text -> {
      State state = start;
      for (byte symbol : text.getBytes(StandardCharsets.UTF_8)) {
        automaton.budget.refill();
        state = automaton.next(state, program.classes.ofByte(symbol & 0xff));
      }
      return state.accepting;
    };
  }

  /** Whether an expression allows no finite text at all. */
  public boolean isEmpty(String what, Expr expr) {
    return ProgramBuilder.isEmpty(program(what, expr));
  }

  private Program program(String what, Expr expr) {
    Program program = ProgramBuilder.build(expr);
    spend(what, program.size());
    return program;
  }

  private void spend(String what, int steps) {
    left -= steps;
    if (left < 0) {
      throw new ConstraintException(
          what + ": expected patterns, names and bounds that are simpler to combine");
    }
  }

  private record Pair(State one, State other) {}

  /** Bytes that both take for the same. */
  private record Symbol(int one, int other) {}

  private final class Product {
    private final String what;
    private final Automaton one;
    private final Automaton other;
    private final boolean both;
    private final Map<Symbol, ByteSet> symbols = new LinkedHashMap<>();
    private final Map<Pair, Expr.Rule> rules = new HashMap<>();
    private final ArrayDeque<Pair> waiting = new ArrayDeque<>();

    Product(String what, Program one, Program other, boolean both) {
      this.what = what;
      this.one = new Automaton(one, 1, MOST_STATES);
      this.other = new Automaton(other, 1, MOST_STATES);
      this.both = both;
      for (int value = 0; value < 256; value++) {
        Symbol symbol = new Symbol(one.classes.ofByte(value), other.classes.ofByte(value));
        symbols.merge(symbol, ByteSet.of(value), ByteSet::or);
      }
    }

    Expr combine() {
      Expr.Rule start = rule(new Pair(one.start(), other.start()));
      for (Pair pair = waiting.poll(); pair != null; pair = waiting.poll()) {
        rule(pair).define(body(pair));
      }
      return start;
    }

    private Expr.Rule rule(Pair pair) {
      Expr.Rule known = rules.get(pair);
      if (known == null) {
        if (rules.size() == MOST_PAIRS) {
          throw new ConstraintException(
              what
                  + ": expected a combination of at most "
                  + MOST_PAIRS
                  + " states, it takes more");
        }
        spend(what, symbols.size());
        known = new Expr.Rule(what);
        rules.put(pair, known);
        waiting.add(pair);
      }
      return known;
    }

    private Expr body(Pair pair) {
      Map<Pair, ByteSet> targets = new LinkedHashMap<>();
      symbols.forEach((symbol, set) -> {
        Pair next = next(pair, symbol);
        if (!next.one().isDead() && !(both && next.other().isDead())) {
          targets.merge(next, set, ByteSet::or);
        }
      });
      List<Expr> options = new ArrayList<>();
      targets.forEach(
          (target, set) -> options.add(Expr.sequence(new Expr.Bytes(set), rule(target))));
      if (pair.one().accepting && pair.other().accepting == both) {
        options.add(Expr.EMPTY);
      }
      return new Expr.Choice(options);
    }

    private Pair next(Pair pair, Symbol symbol) {
      one.budget.refill();
      other.budget.refill();
      return new Pair(one.next(pair.one(), symbol.one()), other.next(pair.other(), symbol.other()));
    }
  }
}
