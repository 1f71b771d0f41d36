package dev.thermocline.engine;

import dev.thermocline.engine.sample.Logprobs;
import java.util.Arrays;

/**
 * Log-probabilities of the tokens of a generation. Written by the decode thread before it publishes
 * the token; grows as the text does.
 */
final class TokenLogprobs {
  private static final int FIRST_TOKENS = 64;

  private final int alternatives;
  private float[] drawn;
  private int[] tokens;
  private float[] values;

  TokenLogprobs(int alternatives, int maxTokens) {
    this.alternatives = alternatives;
    int size = Math.min(FIRST_TOKENS, maxTokens);
    drawn = new float[size];
    tokens = new int[size * alternatives];
    values = new float[size * alternatives];
  }

  void set(int index, Logprobs logprobs) {
    if (index == drawn.length) {
      int size = Math.multiplyExact(2, index);
      tokens = Arrays.copyOf(tokens, Math.multiplyExact(size, alternatives));
      values = Arrays.copyOf(values, size * alternatives);
      drawn = Arrays.copyOf(drawn, size);
    }
    drawn[index] = logprobs.logprob();
    for (int rank = 0; rank < alternatives; rank++) {
      boolean exists = rank < logprobs.alternatives();
      tokens[index * alternatives + rank] = exists ? logprobs.token(rank) : -1;
      values[index * alternatives + rank] =
          exists ? logprobs.logprob(rank) : Float.NEGATIVE_INFINITY;
    }
  }

  float drawn(int index) {
    return drawn[index];
  }

  int token(int index, int rank) {
    return tokens[index * alternatives + rank];
  }

  float value(int index, int rank) {
    return values[index * alternatives + rank];
  }

  int alternatives() {
    return alternatives;
  }
}
