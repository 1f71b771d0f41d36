package dev.thermocline.engine.sample;

/** How often each token was drawn, and the tokens that were. */
final class DrawCounts {
  private final int[] counts;
  private final int[] tokens;
  private int size;

  DrawCounts(int vocabulary) {
    counts = new int[vocabulary];
    tokens = new int[vocabulary];
  }

  void add(int token) {
    if (counts[token]++ == 0) {
      tokens[size++] = token;
    }
  }

  /** Takes {@code frequency} for every time and {@code presence} once off what was drawn. */
  void penalize(float[] logits, int offset, float frequency, float presence) {
    for (int i = 0; i < size; i++) {
      int token = tokens[i];
      logits[offset + token] -= counts[token] * frequency + presence;
    }
  }
}
