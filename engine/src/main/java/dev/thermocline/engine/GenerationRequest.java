package dev.thermocline.engine;

import dev.thermocline.engine.constrain.Constraint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an engine is asked to continue. */
public final class GenerationRequest {
  /** No log-probabilities at all. */
  public static final int NO_LOGPROBS = -1;

  /** As many first tokens stay in a full context as the engine's options say. */
  public static final int KEEP_AS_ENGINE = -2;

  private static final int MOST_LOGPROBS = 1000;

  private final int[] prompt;
  private final int maxTokens;
  private final SamplingParams sampling;
  private final boolean ignoreEnd;
  private final int topLogprobs;
  private final @Nullable Constraint constraint;
  private final int keep;

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
    this(prompt.clone(), maxTokens, sampling, ignoreEnd, NO_LOGPROBS, null, KEEP_AS_ENGINE);
  }

  private GenerationRequest(
      int[] prompt,
      int maxTokens,
      SamplingParams sampling,
      boolean ignoreEnd,
      int topLogprobs,
      @Nullable Constraint constraint,
      int keep) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("prompt: expected at least one token, got none");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max tokens: expected at least 1, got " + maxTokens);
    }
    if (topLogprobs < NO_LOGPROBS || topLogprobs > MOST_LOGPROBS) {
      throw new IllegalArgumentException(
          "top logprobs: expected 0 to " + MOST_LOGPROBS + ", got " + topLogprobs);
    }
    if (keep < KEEP_AS_ENGINE) {
      throw new IllegalArgumentException(
          "tokens to keep: expected 0 or more, or -1 for the prompt, got " + keep);
    }
    if (constraint != null && ignoreEnd) {
      throw new IllegalArgumentException(
          "constraint: expected a request that ends with its text, got one that ignores the end");
    }
    this.prompt = prompt;
    this.maxTokens = maxTokens;
    this.sampling = Objects.requireNonNull(sampling);
    this.ignoreEnd = ignoreEnd;
    this.topLogprobs = topLogprobs;
    this.constraint = constraint;
    this.keep = keep;
  }

  /**
   * The same with log-probabilities: of every token drawn, and of the {@code count} most likely
   * ones at its place. They are the model's own, before penalties, filters, temperature and
   * constraint.
   *
   * @param count 0 for those of the drawn tokens alone, {@link #NO_LOGPROBS} for none
   */
  public GenerationRequest withTopLogprobs(int count) {
    return new GenerationRequest(prompt, maxTokens, sampling, ignoreEnd, count, constraint, keep);
  }

  /** The same, saying only what the constraint allows; null lifts it. */
  public GenerationRequest withConstraint(@Nullable Constraint other) {
    return new GenerationRequest(prompt, maxTokens, sampling, ignoreEnd, topLogprobs, other, keep);
  }

  /**
   * The same with so many first tokens that stay when its context is full, where the engine shifts
   * contexts; {@link CacheOptions#KEEP_PROMPT} for the prompt, {@link #KEEP_AS_ENGINE} for what the
   * engine's options say.
   */
  public GenerationRequest withKeep(int count) {
    return new GenerationRequest(
        prompt, maxTokens, sampling, ignoreEnd, topLogprobs, constraint, count);
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

  /** How many alternatives have their log-probabilities kept; {@link #NO_LOGPROBS} for none. */
  public int topLogprobs() {
    return topLogprobs;
  }

  /** As {@link #withKeep} says. */
  public int keep() {
    return keep;
  }

  public @Nullable Constraint constraint() {
    return constraint;
  }
}
