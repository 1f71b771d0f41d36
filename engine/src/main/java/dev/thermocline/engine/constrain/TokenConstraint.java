package dev.thermocline.engine.constrain;

/**
 * Where one sequence stands in its {@link Constraint}. Used by one thread at a time.
 *
 * <p>A mask has bit {@code t % 64} of element {@code t / 64} for token {@code t}. Control tokens
 * are never in it, tokens that end a text only when the constraint is complete.
 */
public interface TokenConstraint {

  /**
   * Marks the tokens that may come next.
   *
   * @param mask {@code [(vocabulary + 63) / 64]}, overwritten
   * @return whether there is one
   */
  boolean fill(long[] mask);

  /**
   * Goes on past a token.
   *
   * @throws ConstraintException if it may not come here
   */
  void advance(int token);

  /** Whether the text may end here. */
  boolean isComplete();

  /** Whether the text must end here: it is complete, and nothing can follow. */
  boolean isFinished();
}
