package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.IntArrayList;

/** Turns an {@link Expr} into a {@link Program}, from the back to the front. */
final class ProgramBuilder {
  /** More than any schema people write; a node is about 30 bytes in all. */
  static final int MOST_NODES = 400_000;

  private static final int MOST_TERMINALS = 4096;

  private byte[] kind = new byte[256];
  private final IntArrayList a = new IntArrayList();
  private final IntArrayList b = new IntArrayList();
  private final IntArrayList low = new IntArrayList();
  private final IntArrayList high = new IntArrayList();
  private final List<Expr.Terminal> terminals = new ArrayList<>();
  private final Map<Expr.Terminal, Integer> terminalIds = new HashMap<>();
  private final IdentityHashMap<Expr.Rule, Integer> entries = new IdentityHashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final ArrayDeque<Expr.Rule> waiting = new ArrayDeque<>();

  private ProgramBuilder() {}

  /**
   * Compiles.
   *
   * @throws ConstraintException if the grammar is too large, left-recursive, or has no finite text
   */
  static Program compile(Expr grammar) {
    ProgramBuilder builder = new ProgramBuilder();
    Program program = builder.program(grammar);
    if (isEmpty(program)) {
      throw new ConstraintException(
          "constraint: expected something that a finite text can satisfy, nothing satisfies "
              + builder.emptyRule(program));
    }
    return program;
  }

  /** The rule without texts that was compiled last: it does not fail because of an earlier one. */
  private String emptyRule(Program program) {
    return names.entrySet().stream()
        .filter(entry -> program.need[entry.getKey()] == Reachability.NEVER)
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .orElse("it");
  }

  static boolean isEmpty(Program program) {
    return program.need[program.start] == Reachability.NEVER;
  }

  /** As {@link #compile}, also of what has no text. */
  static Program build(Expr grammar) {
    return new ProgramBuilder().program(grammar);
  }

  private Program program(Expr grammar) {
    node(Program.RETURN, 0, 0);
    Expr.Rule root = new Expr.Rule("the text");
    root.define(grammar);
    int start = entry(root);
    for (Expr.Rule rule = waiting.poll(); rule != null; rule = waiting.poll()) {
      int body = add(rule.body(), Program.END);
      // The entry was made before the body was known: it leads there on both ways.
      int entry = entry(rule);
      a.setInt(entry, body);
      b.setInt(entry, body);
    }
    return new Program(this, start, new SymbolClasses(List.copyOf(terminals)));
  }

  private int entry(Expr.Rule rule) {
    Integer known = entries.get(rule);
    if (known != null) {
      return known;
    }
    int entry = node(Program.SPLIT, 0, 0);
    entries.put(rule, entry);
    names.put(entry, rule.name());
    waiting.add(rule);
    return entry;
  }

  /** The node at which {@code expr} and then {@code next} begins. */
  private int add(Expr expr, int next) {
    return switch (expr) {
      case Expr.Bytes bytes -> bytes.set().isEmpty() ? dead() : read(bytes, next);
      case Expr.Special special -> read(special, next);
      case Expr.AnySpecial any -> read(any, next);
      case Expr.Literals literals -> new LiteralTree(literals.texts()).add(this, next);
      case Expr.Sequence sequence -> sequence(sequence.parts(), next);
      case Expr.Choice choice -> choice(choice.options(), next);
      case Expr.Repeat repeat -> repeat(repeat, next);
      case Expr.Rule rule -> node(Program.CALL, entry(rule), next);
    };
  }

  private int sequence(List<Expr> parts, int next) {
    int at = next;
    for (int i = parts.size() - 1; i >= 0; i--) {
      at = add(parts.get(i), at);
    }
    return at;
  }

  private int choice(List<Expr> options, int next) {
    int at = -1;
    for (int i = options.size() - 1; i >= 0; i--) {
      int option = add(options.get(i), next);
      at = at < 0 ? option : split(option, at);
    }
    return at < 0 ? dead() : at;
  }

  private int repeat(Expr.Repeat repeat, int next) {
    if (repeat.max() == 0) {
      return next;
    }
    if (repeat.min() == 1 && repeat.max() == 1) {
      return add(repeat.body(), next);
    }
    if (repeat.min() == 0 && repeat.max() == 1) {
      return split(add(repeat.body(), next), next);
    }
    if (repeat.min() <= 1 && repeat.max() == Expr.UNBOUNDED) {
      int again = split(0, next);
      int body = add(repeat.body(), again);
      a.setInt(again, body);
      return repeat.min() == 0 ? again : body;
    }
    return loop(repeat, next);
  }

  private int loop(Expr.Repeat repeat, int next) {
    int bounds = low.size();
    low.addInt(repeat.min());
    high.addInt(repeat.max());
    low.addInt(next);
    high.addInt(0);
    return node(Program.LOOP, add(repeat.body(), Program.END), bounds);
  }

  int read(int value, int next) {
    return read(new Expr.Bytes(ByteSet.of(value)), next);
  }

  private int read(Expr.Terminal terminal, int next) {
    Integer id = terminalIds.get(terminal);
    if (id == null) {
      id = terminals.size();
      if (id == MOST_TERMINALS) {
        throw new ConstraintException(
            "constraint: expected at most "
                + MOST_TERMINALS
                + " different classes of characters, the grammar has more");
      }
      terminalIds.put(terminal, id);
      terminals.add(terminal);
    }
    return node(Program.READ, id, next);
  }

  int split(int one, int other) {
    return node(Program.SPLIT, one, other);
  }

  private int dead() {
    return node(Program.DEAD, 0, 0);
  }

  private int node(byte what, int first, int second) {
    int id = a.size();
    if (id == MOST_NODES) {
      throw new ConstraintException(
          "constraint: expected at most " + MOST_NODES + " steps, the grammar has more");
    }
    if (id == kind.length) {
      kind = Arrays.copyOf(kind, 2 * id);
    }
    kind[id] = what;
    a.addInt(first);
    b.addInt(second);
    return id;
  }

  /** Name of the rule that begins at a node, or null. */
  @org.jspecify.annotations.Nullable
  String ruleAt(int node) {
    return names.get(node);
  }

  byte[] kinds() {
    return Arrays.copyOf(kind, a.size());
  }

  int[] as() {
    return a.toIntArray();
  }

  int[] bs() {
    return b.toIntArray();
  }

  int[] lows() {
    return low.toIntArray();
  }

  int[] highs() {
    return high.toIntArray();
  }
}
