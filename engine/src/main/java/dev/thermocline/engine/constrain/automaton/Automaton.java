package dev.thermocline.engine.constrain.automaton;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pushdown recogniser made deterministic as it is used: states and what follows from them are
 * found out once and remembered, up to a bound at which all is forgotten. Used by one thread at a
 * time.
 */
final class Automaton {
  private static final int MOST_FRAMES = 100_000;
  private static final int MOST_WAYS = 200_000;

  private final Program program;
  private final Models models;
  private final FrameTable frames = new FrameTable();
  private final Map<State, State> states = new HashMap<>();
  private final State dead;
  private final int mostStates;
  private int ways;

  final Budget budget = new Budget();

  /**
   * Starts knowing nothing.
   *
   * @param longest bytes of the longest token
   * @param mostStates states to remember
   */
  Automaton(Program program, int longest, int mostStates) {
    this.mostStates = mostStates;
    this.program = program;
    this.models = new Models(program, frames, longest);
    this.dead = new State(new int[0], new Frame[0], false, program.classes.count());
  }

  SymbolClasses classes() {
    return program.classes;
  }

  State dead() {
    return dead;
  }

  State start() {
    budget.refill();
    Closure closure = new Closure(program, frames, budget);
    closure.from(program.start, null);
    return unique(closure.state());
  }

  /** The state after a symbol of a class; {@link #dead} if it may not come. */
  State next(State state, int symbol) {
    State known = state.next[symbol];
    return known != null ? known : compute(state, symbol);
  }

  private State compute(State state, int symbol) {
    Closure closure = new Closure(program, frames, budget);
    for (int i = 0; i < state.nodes.length; i++) {
      budget.spend();
      int node = state.nodes[i];
      if (program.classes.reads(program.a[node], symbol)) {
        closure.from(program.b[node], state.stacks[i]);
      }
    }
    State next = unique(closure.state());
    state.next[symbol] = next;
    return next;
  }

  /** A state with the same mask, the same one for all that differ in counts far from a bound. */
  @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
  State model(State state) {
    State known = state.model;
    if (known == null) {
      State made = models.of(state);
      known = made == state ? state : unique(made);
      state.model = known;
    }
    return known;
  }

  private State unique(State made) {
    if (made.isDead()) {
      return dead;
    }
    State known = states.get(made);
    if (known != null) {
      return known;
    }
    ways += made.nodes.length;
    if (states.size() >= mostStates || ways > MOST_WAYS || frames.size() > MOST_FRAMES) {
      forget();
      ways = made.nodes.length;
    }
    states.put(made, made);
    return made;
  }

  /** Cursors keep the states they stand at, which must not keep all others. */
  private void forget() {
    states.keySet().forEach(State::forget);
    states.clear();
    frames.clear();
  }

  void forgetMasks() {
    for (State state : List.copyOf(new ArrayList<>(states.keySet()))) {
      state.mask = null;
    }
  }
}
