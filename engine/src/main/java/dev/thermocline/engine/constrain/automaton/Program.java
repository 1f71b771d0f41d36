package dev.thermocline.engine.constrain.automaton;

/**
 * A grammar as a graph of small steps. Node {@code i} does what {@code kind[i]} says:
 *
 * <ul>
 *   <li>{@link #READ}: reads a symbol of the terminal {@code a}, goes on at {@code b}
 *   <li>{@link #SPLIT}: goes on at {@code a} and at {@code b}
 *   <li>{@link #CALL}: goes on at {@code a}, then, after a {@link #RETURN}, at {@code b}
 *   <li>{@link #LOOP}: runs from {@code a} to a return {@code low[b]} to {@code high[b]} times,
 *       then goes on at {@code low[b + 1]}
 *   <li>{@link #RETURN}: pops the caller; of the outermost, the text is complete
 * </ul>
 *
 * <p>Symbols (bytes and control tokens) that no terminal tells apart are one class.
 */
final class Program {
  static final byte RETURN = 0;
  static final byte READ = 1;
  static final byte SPLIT = 2;
  static final byte CALL = 3;
  static final byte LOOP = 4;
  static final byte DEAD = 5;

  /** The one node that returns. */
  static final int END = 0;

  final byte[] kind;
  final int[] a;
  final int[] b;
  final int[] low;
  final int[] high;
  final int start;
  final SymbolClasses classes;

  /** Frames that must still go on top of a node's own before it can return; at least that many. */
  final int[] need;

  /** Whether a node can return without reading. */
  final boolean[] nullable;

  Program(ProgramBuilder builder, int start, SymbolClasses classes) {
    this.kind = builder.kinds();
    this.a = builder.as();
    this.b = builder.bs();
    this.low = builder.lows();
    this.high = builder.highs();
    this.start = start;
    this.classes = classes;
    this.nullable = Reachability.nullable(this);
    for (int node = 0; node < kind.length; node++) {
      // What may be empty may be empty as often as needed; only full rounds are counted then.
      if (kind[node] == LOOP && nullable[a[node]]) {
        low[b[node]] = 0;
      }
    }
    LeftRecursion.refuse(this, builder);
    this.need = Reachability.need(this);
  }

  /** The node after a call or loop. */
  int next(int node) {
    return kind[node] == LOOP ? low[b[node] + 1] : b[node];
  }

  int least(int node) {
    return low[b[node]];
  }

  int most(int node) {
    return high[b[node]];
  }

  int size() {
    return kind.length;
  }
}
