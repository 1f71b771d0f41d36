package dev.thermocline.models.tokenizer;

import java.util.PriorityQueue;

/**
 * Byte-pair merging of one stretch of text by score: of all neighbours that together form a token,
 * the pair with the highest score merges first, the leftmost of equals. O(n log n).
 */
final class PairMerger {

  /** Takes the merged pieces, from left to right. */
  interface Sink {
    /** The piece is {@code text[from, to)}. */
    void piece(byte[] text, int from, int to, IntList out);
  }

  /**
   * Two neighbours that form a token.
   *
   * @param end where the right one ends, which tells whether either has grown since
   */
  private record Pair(float score, int left, int right, int end) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byScore = Float.compare(other.score, score);
      return byScore != 0 ? byScore : Integer.compare(left, other.left);
    }
  }

  private final PieceTable pieces;
  private final float[] scores;
  private final byte[] text;
  // A symbol is named by its first byte; 0 marks a symbol that was merged away.
  private final int[] end;
  private final int[] previous;
  private final PriorityQueue<Pair> queue = new PriorityQueue<>();

  PairMerger(PieceTable pieces, float[] scores, byte[] text) {
    this.pieces = pieces;
    this.scores = scores;
    this.text = text;
    this.end = new int[text.length];
    this.previous = new int[text.length];
  }

  void merge(Sink sink, IntList out) {
    splitIntoCharacters();
    for (Pair pair = queue.poll(); pair != null; pair = queue.poll()) {
      // A pair is stale once its left symbol is gone or ends elsewhere, or its right one does.
      if (end[pair.left] == pair.right && end[pair.right] == pair.end) {
        join(pair);
      }
    }
    for (int at = 0; at < text.length; at = end[at]) {
      sink.piece(text, at, end[at], out);
    }
  }

  private void splitIntoCharacters() {
    int before = -1;
    for (int at = 0; at < text.length; at = end[at]) {
      end[at] = Math.min(text.length, at + Utf8.sequenceLength(text[at]));
      previous[at] = before;
      offer(before, at);
      before = at;
    }
  }

  private void join(Pair pair) {
    end[pair.left] = pair.end;
    end[pair.right] = 0;
    if (pair.end < text.length) {
      previous[pair.end] = pair.left;
      offer(pair.left, pair.end);
    }
    offer(previous[pair.left], pair.left);
  }

  private void offer(int left, int right) {
    if (left < 0) {
      return;
    }
    int token = pieces.find(text, left, end[right]);
    if (token >= 0) {
      // Adding zero makes -0 and 0 one score.
      queue.add(new Pair(scores[token] + 0f, left, right, end[right]));
    }
  }
}
