package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufArray;
import dev.thermocline.models.gguf.GgufFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The merges of a byte-pair tokenizer, {@code "left right"} in order of rank: one byte array and
 * one open hash table, no object per merge.
 */
final class MergeTable {
  /** Differs from run to run, so that no file can aim all its merges at one slot. */
  private static final int SEED = new SplittableRandom().nextInt();

  private final byte[] bytes;
  private final int[] starts;
  private final int[] lefts;
  private final int[] slots;
  private final int longest;

  MergeTable(GgufArray merges) {
    int size = merges.size();
    starts = new int[size + 1];
    lefts = new int[size];
    bytes = new byte[total(merges)];
    slots = new int[Integer.highestOneBit(Math.max(size, 1)) * 4];
    Arrays.fill(slots, -1);
    int max = 0;
    for (int i = 0; i < size; i++) {
      starts[i + 1] = add(merges.bytes(i), i);
      max = Math.max(max, starts[i + 1] - starts[i]);
    }
    longest = max;
  }

  private static int total(GgufArray merges) {
    long total = 0;
    for (int i = 0; i < merges.size(); i++) {
      total += merges.bytes(i).byteSize();
    }
    if (total > Integer.MAX_VALUE - 8) {
      throw new GgufFormatException(
          "tokenizer.ggml.merges", -1, "expected texts of less than 2 GiB");
    }
    return (int) total;
  }

  /** Stores both halves without the space between them; returns where they end. */
  private int add(MemorySegment merge, int rank) {
    int length = (int) merge.byteSize();
    int start = starts[rank];
    MemorySegment.copy(merge, ValueLayout.JAVA_BYTE, 0, bytes, start, length);
    // A merge without a space cannot apply; the first byte may itself be one.
    for (int i = 1; i < length; i++) {
      if (bytes[start + i] == ' ') {
        System.arraycopy(bytes, start + i + 1, bytes, start + i, length - i - 1);
        lefts[rank] = i;
        register(rank, start, start + length - 1);
        return start + length - 1;
      }
    }
    return start;
  }

  /** The first of several merges with the same halves is the one found, as in llama.cpp. */
  private void register(int rank, int from, int to) {
    int slot = slot(bytes, from, from + lefts[rank], to);
    if (slots[slot] < 0) {
      slots[slot] = rank;
    }
  }

  /** Rank of joining {@code text[from, middle)} with {@code text[middle, to)}, or -1. */
  int rank(byte[] text, int from, int middle, int to) {
    return to - from > longest ? -1 : slots[slot(text, from, middle, to)];
  }

  /** The slot that holds the merge, or the free one where it would go. */
  private int slot(byte[] text, int from, int middle, int to) {
    int hash = SEED + middle - from;
    for (int i = from; i < to; i++) {
      hash = (hash + text[i]) * 0x9e3779b1;
      hash ^= hash >>> 15;
    }
    int slot = hash & slots.length - 1;
    while (slots[slot] >= 0 && !matches(slots[slot], text, from, middle, to)) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  private boolean matches(int rank, byte[] text, int from, int middle, int to) {
    return lefts[rank] == middle - from
        && Arrays.equals(bytes, starts[rank], starts[rank + 1], text, from, to);
  }
}
