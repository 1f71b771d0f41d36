package dev.thermocline.engine;

/** A generation that the engine could not finish. */
public final class GenerationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GenerationException(String message, Throwable cause) {
    super(message, cause);
  }
}
