package dev.thermocline.models;

/**
 * A valid file of a model that this engine cannot run (yet); the message says which part and why.
 */
public final class UnsupportedModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is not supported. */
  public UnsupportedModelException(String message) {
    super(message);
  }
}
