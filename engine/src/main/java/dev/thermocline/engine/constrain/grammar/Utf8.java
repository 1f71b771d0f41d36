package dev.thermocline.engine.constrain.grammar;

import java.util.ArrayList;
import java.util.List;

/** Sets of code points as the byte sequences that UTF-8 spells them with. */
public final class Utf8 {
  /** Last code points of one, two, three and four bytes. */
  private static final int[] LAST = {0x7f, 0x7ff, 0xffff, CodePoints.MAX};

  private Utf8() {}

  /** One code point of the set. */
  public static Expr one(CodePoints set) {
    List<Expr> options = new ArrayList<>();
    ByteSet single = ByteSet.NONE;
    for (CodePoints.Range range : set.ranges()) {
      int from = range.from();
      for (int bytes = 1; bytes <= 4; bytes++) {
        int to = Math.min(range.to(), LAST[bytes - 1]);
        if (from <= to && bytes == 1) {
          single = single.withRange(from, to);
        } else if (from <= to) {
          split(from, to, bytes, options);
        }
        from = Math.max(from, to + 1);
      }
    }
    if (!single.isEmpty()) {
      options.addFirst(new Expr.Bytes(single));
    }
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  /** Cuts a range where its last bytes do not run through all their values. */
  private static void split(int from, int to, int bytes, List<Expr> options) {
    for (int tail = 1; tail < bytes; tail++) {
      int mask = (1 << 6 * tail) - 1;
      if ((from & ~mask) != (to & ~mask)) {
        if ((from & mask) != 0) {
          split(from, from | mask, bytes, options);
          split((from | mask) + 1, to, bytes, options);
          return;
        }
        if ((to & mask) != mask) {
          split(from, (to & ~mask) - 1, bytes, options);
          split(to & ~mask, to, bytes, options);
          return;
        }
      }
    }
    options.add(spell(from, to, bytes));
  }

  private static Expr spell(int from, int to, int bytes) {
    List<Expr> parts = new ArrayList<>();
    int lead = 0xf00 >> bytes & 0xff;
    for (int i = bytes - 1; i >= 0; i--) {
      int mark = i == bytes - 1 ? lead : 0x80;
      int mask = i == bytes - 1 ? 0xff : 0x3f;
      parts.add(
          new Expr.Bytes(ByteSet.range(mark | from >> 6 * i & mask, mark | to >> 6 * i & mask)));
    }
    return new Expr.Sequence(parts);
  }
}
