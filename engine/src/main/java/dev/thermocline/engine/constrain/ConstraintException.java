package dev.thermocline.engine.constrain;

/**
 * A grammar, pattern or schema that cannot be enforced, or a text that cannot go on inside one. The
 * message names the place.
 */
public final class ConstraintException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says where and what. */
  public ConstraintException(String message) {
    super(message);
  }
}
