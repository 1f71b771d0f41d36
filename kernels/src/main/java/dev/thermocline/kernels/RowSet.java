package dev.thermocline.kernels;

import java.util.Objects;

/**
 * A set of row indices below a fixed bound, kept as a bit mask so that it travels to a device in
 * {@code bound / 8} bytes. Reused for ever: changing it allocates nothing.
 */
public final class RowSet {
  private final int bound;
  private final long[] words;

  /** The empty set over {@code 0 .. bound - 1}. */
  public RowSet(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("row set: expected a positive bound, got " + bound);
    }
    this.bound = bound;
    this.words = new long[(bound + 63) >>> 6];
  }

  /** Number of rows that could be members. */
  public int bound() {
    return bound;
  }

  /**
   * The mask, row i at bit {@code i % 64} of word {@code i / 64}; not a copy, and no bit past the
   * bound may be set.
   */
  public long[] words() {
    return words;
  }

  public void clear() {
    java.util.Arrays.fill(words, 0L);
  }

  /** Makes every row a member. */
  public void fill() {
    java.util.Arrays.fill(words, -1L);
    int tail = bound & 63;
    if (tail != 0) {
      words[words.length - 1] = (1L << tail) - 1;
    }
  }

  public void add(int row) {
    words[Objects.checkIndex(row, bound) >>> 6] |= 1L << row;
  }

  public boolean contains(int row) {
    return (words[row >>> 6] & 1L << row) != 0;
  }

  /** Adds all members of {@code other}, a set with the same bound. */
  public void addAll(RowSet other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  /** Number of members. */
  public int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** Writes the members in ascending order to {@code out} and returns how many there are. */
  public int list(int[] out) {
    int count = 0;
    for (int w = 0; w < words.length; w++) {
      for (long bits = words[w]; bits != 0; bits &= bits - 1) {
        out[count++] = (w << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    return count;
  }
}
