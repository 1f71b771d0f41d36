package dev.thermocline.engine.sample;

/**
 * Draws from all tokens, in the order of their ids: where none is cut off by rank, none has to be
 * sorted.
 */
final class WholeVocabulary {
  private final double[] weights;

  WholeVocabulary(int vocabulary) {
    weights = new double[vocabulary];
  }

  /** Sum of the weights e^((logit - best) / temperature), and with it what {@link #draw} needs. */
  double weigh(float[] logits, int offset, float temperature, float minP) {
    float best = Float.NEGATIVE_INFINITY;
    for (int token = 0; token < weights.length; token++) {
      best = Math.max(best, logits[offset + token]);
    }
    double sum = 0;
    for (int token = 0; token < weights.length; token++) {
      float logit = logits[offset + token];
      boolean forbidden = logit == Float.NEGATIVE_INFINITY;
      double weight = forbidden ? 0 : Math.exp(((double) logit - best) / temperature);
      weights[token] = weight < minP ? 0 : weight;
      sum += weights[token];
    }
    return sum;
  }

  /** The token at a point, in [0, 1), of the distribution; -1 if all are forbidden. */
  int draw(double uniform, double sum) {
    double point = uniform * sum;
    int last = -1;
    for (int token = 0; token < weights.length; token++) {
      if (weights[token] > 0) {
        last = token;
        point -= weights[token];
        if (point < 0) {
          return token;
        }
      }
    }
    return last;
  }
}
