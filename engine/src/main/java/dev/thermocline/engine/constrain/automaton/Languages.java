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

/**
 * Combines expressions that are regular: what both allow, or what one allows and the other does
 * not. Walks the states of both at once (Rabin and Scott, 1959).
 */
public final class Languages {
  private static final int MOST_PAIRS = 20_000;

  /** Bounds both, so that neither forgets what the walk stands on. */
  private static final int MOST_STATES = 2 * MOST_PAIRS;

  private record Pair(State one, State other) {}

  private final String what;
  private final Automaton one;
  private final Automaton other;
  private final boolean both;
  private final Map<Pair, Expr.Rule> rules = new HashMap<>();
  private final ArrayDeque<Pair> waiting = new ArrayDeque<>();

  private Languages(String what, Expr one, Expr other, boolean both) {
    this.what = what;
    this.one = new Automaton(ProgramBuilder.build(one), 1, MOST_STATES);
    this.other = new Automaton(ProgramBuilder.build(other), 1, MOST_STATES);
    this.both = both;
  }

  /**
   * What both allow.
   *
   * @param what is combined, for errors
   * @throws ConstraintException if that takes too many states
   */
  public static Expr and(String what, Expr one, Expr other) {
    return new Languages(what, one, other, true).combine();
  }

  /** What the one allows and the other does not. */
  public static Expr minus(String what, Expr one, Expr other) {
    return new Languages(what, one, other, false).combine();
  }

  /** Whether an expression allows a text. */
  public static boolean matches(Expr expr, String text) {
    Automaton automaton = new Automaton(ProgramBuilder.build(expr), 1, MOST_STATES);
    State state = automaton.start();
    for (byte symbol : text.getBytes(StandardCharsets.UTF_8)) {
      automaton.budget.refill();
      state = automaton.next(state, automaton.classes().ofByte(symbol & 0xff));
    }
    return state.accepting;
  }

  /** Whether an expression allows no finite text at all. */
  public static boolean isEmpty(Expr expr) {
    return ProgramBuilder.isEmpty(ProgramBuilder.build(expr));
  }

  private Expr combine() {
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
            what + ": expected a combination of at most " + MOST_PAIRS + " states, it takes more");
      }
      known = new Expr.Rule(what);
      rules.put(pair, known);
      waiting.add(pair);
    }
    return known;
  }

  private Expr body(Pair pair) {
    Map<Pair, ByteSet> targets = new LinkedHashMap<>();
    for (int value = 0; value < 256; value++) {
      Pair next = next(pair, value);
      if (!next.one().isDead() && !(both && next.other().isDead())) {
        targets.merge(next, ByteSet.of(value), ByteSet::or);
      }
    }
    List<Expr> options = new ArrayList<>();
    targets.forEach((target, set) -> options.add(Expr.sequence(new Expr.Bytes(set), rule(target))));
    if (pair.one().accepting && pair.other().accepting == both) {
      options.add(Expr.EMPTY);
    }
    return new Expr.Choice(options);
  }

  private Pair next(Pair pair, int value) {
    one.budget.refill();
    other.budget.refill();
    return new Pair(
        one.next(pair.one(), one.classes().ofByte(value)),
        other.next(pair.other(), other.classes().ofByte(value)));
  }
}
