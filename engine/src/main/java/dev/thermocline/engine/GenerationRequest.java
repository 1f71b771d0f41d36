package dev.thermocline.engine;

import java.util.Objects;

/** What an engine is asked to continue. */
public final class GenerationRequest {
  private final int[] prompt;
  private final int maxTokens;
  private final SamplingParams sampling;
  private final boolean ignoreEnd;

  /**
   * Describes a request.
   *
   * @param prompt token ids, at least one
   * @param maxTokens most tokens to generate, at least 1; the context may end generation earlier
   * @param sampling how tokens are drawn
   * @param ignoreEnd whether end-of-text tokens are generated like any other
   */
  public GenerationRequest(
      int[] prompt, int maxTokens, SamplingParams sampling, boolean ignoreEnd) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("prompt: expected at least one token, got none");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max tokens: expected at least 1, got " + maxTokens);
    }
    this.prompt = prompt.clone();
    this.maxTokens = maxTokens;
    this.sampling = Objects.requireNonNull(sampling);
    this.ignoreEnd = ignoreEnd;
  }

  /** A copy of the prompt. */
  public int[] prompt() {
    return prompt.clone();
  }

  public int promptLength() {
    return prompt.length;
  }

  public int maxTokens() {
    return maxTokens;
  }

  public SamplingParams sampling() {
    return sampling;
  }

  public boolean ignoreEnd() {
    return ignoreEnd;
  }
}
