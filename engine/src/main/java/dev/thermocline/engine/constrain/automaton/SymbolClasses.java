package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which bytes and control tokens a grammar tells apart, and which of them a terminal reads. */
final class SymbolClasses {
  private final int[] ofByte = new int[256];
  private final Map<Integer, Integer> ofToken = new HashMap<>();
  private final int otherToken;
  private final int count;
  private final boolean anySpecial;

  /** {@code [terminals][classes]} bits. */
  private final long[][] reads;

  SymbolClasses(List<Expr.Terminal> terminals) {
    int bytes = 1;
    for (Expr.Terminal terminal : terminals) {
      if (terminal instanceof Expr.Bytes set) {
        bytes = refine(set.set(), bytes);
      }
    }
    int next = bytes;
    for (Expr.Terminal terminal : terminals) {
      Set<Integer> tokens =
          switch (terminal) {
            case Expr.Bytes bytesOnly -> Set.of();
            case Expr.Special special -> Set.of(special.token());
            case Expr.AnySpecial any -> any.except();
          };
      for (int token : tokens) {
        if (!ofToken.containsKey(token)) {
          ofToken.put(token, next++);
        }
      }
    }
    otherToken = next;
    count = next + 1;
    anySpecial = terminals.stream().anyMatch(t -> t instanceof Expr.AnySpecial);
    List<long[]> rows = new ArrayList<>();
    for (Expr.Terminal terminal : terminals) {
      rows.add(row(terminal, bytes));
    }
    reads = rows.toArray(new long[0][]);
  }

  /** Splits every class into what is inside and outside of a set. */
  private int refine(ByteSet set, int classes) {
    Map<Integer, Integer> renamed = new HashMap<>();
    int next = 0;
    for (int value = 0; value < 256; value++) {
      int key = 2 * ofByte[value] + (set.contains(value) ? 1 : 0);
      Integer name = renamed.get(key);
      if (name == null) {
        name = next++;
        renamed.put(key, name);
      }
      ofByte[value] = name;
    }
    return Math.max(classes, next);
  }

  private long[] row(Expr.Terminal terminal, int bytes) {
    long[] row = new long[(count + 63) / 64];
    switch (terminal) {
      case Expr.Bytes set -> {
        for (int value = 0; value < 256; value++) {
          if (set.set().contains(value)) {
            row[ofByte[value] / 64] |= 1L << ofByte[value];
          }
        }
      }
      case Expr.Special special -> {
        int symbol = ofToken(special.token());
        row[symbol / 64] |= 1L << symbol;
      }
      case Expr.AnySpecial any -> {
        for (int symbol = bytes; symbol < count; symbol++) {
          row[symbol / 64] |= 1L << symbol;
        }
        for (int token : any.except()) {
          int symbol = ofToken(token);
          row[symbol / 64] &= ~(1L << symbol);
        }
      }
    }
    return row;
  }

  int count() {
    return count;
  }

  int ofByte(int value) {
    return ofByte[value];
  }

  int ofToken(int token) {
    return ofToken.getOrDefault(token, otherToken);
  }

  /** Whether control tokens can occur at all. */
  boolean hasSpecials() {
    return anySpecial || !ofToken.isEmpty();
  }

  boolean reads(int terminal, int symbol) {
    return (reads[terminal][symbol / 64] >>> symbol & 1) != 0;
  }
}
