package dev.thermocline.engine.sample;

/**
 * The k most likely tokens in descending order, of equals the lower id first, and their
 * probabilities.
 */
final class Candidates {
  private final int[] tokens;
  private final float[] logits;
  private final double[] probabilities;
  private int size;

  Candidates(int k) {
    tokens = new int[k];
    logits = new float[k];
    probabilities = new double[k];
  }

  /**
   * Selects through a heap whose root is the worst kept, then sorts. Tokens at minus infinity are
   * forbidden and never selected.
   */
  void select(float[] values, int offset, int count) {
    size = 0;
    for (int token = 0; token < count; token++) {
      float logit = values[offset + token];
      if (logit == Float.NEGATIVE_INFINITY) {
        continue;
      }
      if (size < tokens.length) {
        set(size, token, logit);
        siftUp(size++);
      } else if (size > 0 && logit > logits[0]) {
        set(0, token, logit);
        siftDown(0, size);
      }
    }
    for (int end = size - 1; end > 0; end--) {
      swap(0, end);
      siftDown(0, end);
    }
  }

  int size() {
    return size;
  }

  int token(int rank) {
    return tokens[rank];
  }

  private void siftUp(int from) {
    int i = from;
    while (i > 0 && worse(i, (i - 1) / 2)) {
      swap(i, (i - 1) / 2);
      i = (i - 1) / 2;
    }
  }

  private void siftDown(int from, int end) {
    int i = from;
    while (2 * i + 1 < end) {
      int child = 2 * i + 1;
      if (child + 1 < end && worse(child + 1, child)) {
        child++;
      }
      if (!worse(child, i)) {
        return;
      }
      swap(i, child);
      i = child;
    }
  }

  private boolean worse(int a, int b) {
    return logits[a] < logits[b] || logits[a] == logits[b] && tokens[a] > tokens[b];
  }

  private void set(int i, int token, float logit) {
    tokens[i] = token;
    logits[i] = logit;
  }

  private void swap(int a, int b) {
    int token = tokens[a];
    float logit = logits[a];
    set(a, tokens[b], logits[b]);
    set(b, token, logit);
  }

  void softmax(float temperature) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      probabilities[i] = Math.exp(((double) logits[i] - logits[0]) / temperature);
      sum += probabilities[i];
    }
    for (int i = 0; i < size; i++) {
      probabilities[i] /= sum;
    }
  }

  /** How many of the best are left by top-p and min-p; at least one. */
  int cut(float topP, float minP) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      if (i > 0 && (probabilities[i] < minP * probabilities[0] || topP < 1 && sum >= topP)) {
        return i;
      }
      sum += probabilities[i];
    }
    return size;
  }

  /**
   * The token at the point {@code uniform}, in [0, 1), of the kept ones' renormalized distribution.
   */
  int draw(int kept, double uniform) {
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += probabilities[i];
    }
    double point = uniform * sum;
    for (int i = 0; i < kept - 1; i++) {
      point -= probabilities[i];
      if (point < 0) {
        return tokens[i];
      }
    }
    return tokens[kept - 1];
  }
}
