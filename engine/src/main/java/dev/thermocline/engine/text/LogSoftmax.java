package dev.thermocline.engine.text;

/** Log-probabilities from logits, in double precision. */
public final class LogSoftmax {
  private LogSoftmax() {}

  /** Logarithm of the sum of e^logit. */
  public static double logSum(float[] logits, int offset, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, logits[offset + i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(logits[offset + i] - max);
    }
    return max + Math.log(sum);
  }

  /** Log-probability of one token. */
  public static double logProbability(float[] logits, int offset, int count, int token) {
    return logits[offset + token] - logSum(logits, offset, count);
  }
}
