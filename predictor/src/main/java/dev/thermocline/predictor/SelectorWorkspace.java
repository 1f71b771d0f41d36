package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;

/**
 * Memory that the selectors of all layers share, since each layer's candidates are used up before
 * the next layer selects. One per decode thread.
 */
public final class SelectorWorkspace {
  /** Tokens whose scores are computed together; bounds the memory of a long prompt's scores. */
  static final int CHUNK = 32;

  private final int maxTokens;
  private final HostActivations input;
  private final HostActivations scores;
  private final RowSet[] candidates;

  /**
   * Allocates for batches of up to {@code maxTokens} tokens.
   *
   * @param nEmbd width of the residual stream
   * @param neurons n_ff, the same in all layers that share this workspace
   */
  public SelectorWorkspace(int maxTokens, int nEmbd, int neurons) {
    this.maxTokens = maxTokens;
    int chunk = Math.min(CHUNK, maxTokens);
    this.input = new HostActivations(chunk, nEmbd);
    this.scores = new HostActivations(chunk, neurons);
    this.candidates = new RowSet[maxTokens];
    for (int t = 0; t < maxTokens; t++) {
      candidates[t] = new RowSet(neurons);
    }
  }

  public int maxTokens() {
    return maxTokens;
  }

  /** Width of the residual stream. */
  public int width() {
    return input.cols();
  }

  public int neurons() {
    return scores.cols();
  }

  int chunk() {
    return input.tokens();
  }

  HostActivations input() {
    return input;
  }

  HostActivations scores() {
    return scores;
  }

  RowSet[] candidates() {
    return candidates;
  }

  void checkTokens(int n) {
    if (n < 1 || n > maxTokens) {
      throw new IllegalArgumentException(
          "selector: expected 1 to " + maxTokens + " tokens, got " + n);
    }
  }
}
