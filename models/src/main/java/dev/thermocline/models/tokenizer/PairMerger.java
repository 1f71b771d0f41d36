package dev.thermocline.models.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Byte-pair merging of one stretch of text (Sennrich et al., 2016): of all neighbours that may
 * merge, the pair of the highest priority does so first, the leftmost of equals. O(n log n). Keeps
 * its buffers from one stretch to the next; used by one thread.
 */
final class PairMerger {

  /** Which neighbours merge, and in which order. */
  interface Priorities {
    /**
     * Priority of joining {@code text[from, middle)} with {@code text[middle, to)}, larger first;
     * NaN where they do not merge.
     */
    double of(byte[] text, int from, int middle, int to);
  }

  /** Takes the merged pieces, from left to right. */
  interface Sink {
    /** The piece is {@code text[from, to)}. */
    void piece(byte[] text, int from, int to, IntList out);
  }

  /**
   * Two neighbours that may merge.
   *
   * @param end where the right one ends, which tells whether either has grown since
   */
  private record Pair(double priority, int left, int right, int end) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byPriority = Double.compare(other.priority, priority);
      return byPriority != 0 ? byPriority : Integer.compare(left, other.left);
    }
  }

  private final Priorities priorities;
  private final PriorityQueue<Pair> queue = new PriorityQueue<>();
  private byte[] text = new byte[0];
  private int length;
  // A symbol is named by its first byte; 0 marks a symbol that was merged away.
  private int[] end = new int[0];
  private int[] previous = new int[0];

  PairMerger(Priorities priorities) {
    this.priorities = priorities;
  }

  /** Merges {@code text[0, length)}. */
  void merge(byte[] text, int length, Sink sink, IntList out) {
    this.text = text;
    this.length = length;
    if (end.length < length) {
      end = new int[Math.max(length, 2 * end.length)];
      previous = new int[end.length];
    }
    Arrays.fill(end, 0, length, 0);
    splitIntoCharacters();
    for (Pair pair = queue.poll(); pair != null; pair = queue.poll()) {
      // A pair is stale once its left symbol is gone or ends elsewhere, or its right one does.
      if (end[pair.left] == pair.right && end[pair.right] == pair.end) {
        join(pair);
      }
    }
    for (int at = 0; at < length; at = end[at]) {
      sink.piece(text, at, end[at], out);
    }
  }

  private void splitIntoCharacters() {
    int before = -1;
    for (int at = 0; at < length; at = end[at]) {
      end[at] = Math.min(length, at + Utf8.sequenceLength(text[at]));
      previous[at] = before;
      offer(before, at);
      before = at;
    }
  }

  private void join(Pair pair) {
    end[pair.left] = pair.end;
    end[pair.right] = 0;
    if (pair.end < length) {
      previous[pair.end] = pair.left;
      offer(pair.left, pair.end);
    }
    offer(previous[pair.left], pair.left);
  }

  private void offer(int left, int right) {
    if (left < 0) {
      return;
    }
    double priority = priorities.of(text, left, right, end[right]);
    if (!Double.isNaN(priority)) {
      // Adding zero makes -0 and 0 one priority.
      queue.add(new Pair(priority + 0.0, left, right, end[right]));
    }
  }
}
