package dev.thermocline.models.layers;

import dev.thermocline.models.ExpertConfig;

/**
 * Which experts every token of a batch is sent to, and how much each counts. Chosen anew for each
 * layer, allocated once.
 */
final class Routing {
  /** Least sum of weights, as the peers have it: the smallest number of float16. */
  private static final float LEAST_SUM = 0x1p-14f;

  private final ExpertConfig config;
  private final float[] weights;
  private final int[] best;

  /** Makes room for {@code maxTokens} tokens. */
  Routing(ExpertConfig config, int maxTokens) {
    this.config = config;
    this.weights = new float[maxTokens * config.count()];
    this.best = new int[config.used()];
  }

  /** Weight of an expert's output for a token; 0 where the token is not sent to it. */
  float weight(int token, int expert) {
    return weights[token * config.count() + expert];
  }

  /** Chooses the experts of a token by the router's outputs from {@code at} on. */
  void choose(int token, float[] logits, int at) {
    int from = token * config.count();
    System.arraycopy(logits, at, weights, from, config.count());
    switch (config.gating()) {
      case SOFTMAX -> softmax(from);
      case SIGMOID -> {
        for (int i = from; i < from + config.count(); i++) {
          weights[i] = (float) (1 / (1 + Math.exp(-weights[i])));
        }
      }
      case SOFTMAX_OF_CHOSEN -> {}
    }
    keepBest(from);
    if (config.gating() == ExpertConfig.Gating.SOFTMAX_OF_CHOSEN) {
      softmaxOfBest(from);
    }
    if (config.normalised()) {
      normalise(from);
    }
  }

  private void softmax(int from) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + config.count(); i++) {
      max = Math.max(max, weights[i]);
    }
    double sum = 0;
    for (int i = from; i < from + config.count(); i++) {
      weights[i] = (float) Math.exp(weights[i] - max);
      sum += weights[i];
    }
    for (int i = from; i < from + config.count(); i++) {
      weights[i] = (float) (weights[i] / sum);
    }
  }

  /** Lists the best, the earlier of equal ones first, and zeroes all others. */
  private void keepBest(int from) {
    int known = 0;
    for (int e = 0; e < config.count(); e++) {
      int place = known;
      while (place > 0 && weights[from + e] > weights[from + best[place - 1]]) {
        place--;
      }
      if (place < best.length) {
        known = Math.min(known + 1, best.length);
        System.arraycopy(best, place, best, place + 1, known - place - 1);
        best[place] = e;
      }
    }
    for (int e = 0; e < config.count(); e++) {
      if (!isBest(e)) {
        weights[from + e] = 0;
      }
    }
  }

  private boolean isBest(int expert) {
    for (int one : best) {
      if (one == expert) {
        return true;
      }
    }
    return false;
  }

  private void softmaxOfBest(int from) {
    float max = weights[from + best[0]];
    double sum = 0;
    for (int e : best) {
      weights[from + e] = (float) Math.exp(weights[from + e] - max);
      sum += weights[from + e];
    }
    for (int e : best) {
      weights[from + e] = (float) (weights[from + e] / sum);
    }
  }

  private void normalise(int from) {
    float sum = 0;
    for (int e : best) {
      sum += weights[from + e];
    }
    float least = Math.max(sum, LEAST_SUM);
    for (int e : best) {
      weights[from + e] /= least;
    }
  }
}
