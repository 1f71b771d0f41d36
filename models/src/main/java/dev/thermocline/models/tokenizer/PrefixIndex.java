package dev.thermocline.models.tokenizer;

import java.util.Arrays;

/**
 * Tokens in the order of their bytes, so that all tokens that start a text are found by narrowing a
 * range one byte at a time: an array of ids instead of a tree.
 */
final class PrefixIndex {
  private final PieceTable pieces;
  private final int[] sorted;

  /** Tokens that begin at one place of a text; tells them from the shortest to the longest. */
  interface Match {
    /** Token {@code token} matches {@code length} bytes. */
    void token(int token, int length);
  }

  PrefixIndex(PieceTable pieces, int[] tokens) {
    this.pieces = pieces;
    Integer[] order = Arrays.stream(tokens).boxed().toArray(Integer[]::new);
    Arrays.sort(order, pieces::compare);
    sorted = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** Tells all tokens whose text begins {@code text[from, to)}; empty ones never match. */
  void match(byte[] text, int from, int to, Match match) {
    int low = 0;
    int high = sorted.length;
    for (int depth = 0; from + depth < to && low < high; depth++) {
      int b = text[from + depth] & 0xff;
      low = bound(low, high, depth, b);
      high = bound(low, high, depth, b + 1);
      // Tokens that end here come first in the range.
      for (int i = low; i < high && pieces.length(sorted[i]) == depth + 1; i++) {
        match.token(sorted[i], depth + 1);
      }
    }
  }

  /**
   * First place in a range of equal prefixes where the byte at {@code depth} is at least {@code b}.
   */
  private int bound(int low, int high, int depth, int b) {
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pieces.byteAt(sorted[middle], depth) < b) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
