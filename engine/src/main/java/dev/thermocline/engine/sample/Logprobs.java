package dev.thermocline.engine.sample;

import dev.thermocline.engine.text.LogSoftmax;

/**
 * Log-probabilities at one place of a text, of the model itself: taken before anything changes the
 * logits. Overwritten by the next draw.
 */
public final class Logprobs {
  private final float[] raw;
  private final Candidates best;
  private double logSum;
  private int drawn;

  Logprobs(int alternatives, int vocabulary) {
    raw = new float[vocabulary];
    best = new Candidates(Math.min(alternatives, vocabulary));
  }

  void observe(float[] logits, int offset) {
    System.arraycopy(logits, offset, raw, 0, raw.length);
    logSum = LogSoftmax.logSum(raw, 0, raw.length);
    best.select(raw, 0, raw.length);
  }

  void drawn(int token) {
    drawn = token;
  }

  /** Of the token that was drawn. */
  public float logprob() {
    return (float) (raw[drawn] - logSum);
  }

  /** How many of the most likely tokens there are. */
  public int alternatives() {
    return best.size();
  }

  /** The token of a rank, 0 for the most likely one. */
  public int token(int rank) {
    return best.token(rank);
  }

  /** Its log-probability. */
  public float logprob(int rank) {
    return (float) (raw[best.token(rank)] - logSum);
  }
}
