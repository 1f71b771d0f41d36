package dev.thermocline.models;

import dev.thermocline.models.gguf.Printable;

/**
 * A valid file of a model that this engine cannot run (yet); the message says which part and why.
 */
public final class UnsupportedModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is not supported; parts that come from the file need not be fit for printing. */
  public UnsupportedModelException(String message) {
    super(Printable.message(message));
  }
}
