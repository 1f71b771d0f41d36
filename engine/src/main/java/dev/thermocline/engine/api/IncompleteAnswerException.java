package dev.thermocline.engine.api;

/**
 * An answer that had to be whole, and was cut off by the token limit or cancelled.
 *
 * @since 0.1
 */
public final class IncompleteAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  IncompleteAnswerException(Answer answer) {
    super(
        "answer: expected a whole one, got "
            + answer.tokens()
            + " tokens that ended with "
            + answer.finish());
    this.answer = answer;
  }

  /** What is there of it. */
  public Answer answer() {
    return answer;
  }
}
