package dev.thermocline.engine.api;

/**
 * A prompt that leaves no room for an answer.
 *
 * @since 0.1
 */
public final class PromptTooLongException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int tokens;
  private final int context;

  PromptTooLongException(int tokens, int context) {
    super(
        "prompt: expected less than the "
            + context
            + " tokens of the context, got "
            + tokens
            + ": shorten it, or open the model with a larger context");
    this.tokens = tokens;
    this.context = context;
  }

  /** Tokens of the prompt. */
  public int tokens() {
    return tokens;
  }

  /** Most tokens of prompt and answer together. */
  public int context() {
    return context;
  }
}
