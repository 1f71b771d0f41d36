package dev.thermocline.engine.api;

/**
 * Something that a tool wants the model to know, such as a city that it has never heard of: the
 * message goes to the model, which may try again. All other exceptions of a tool end the answer.
 *
 * @since 0.1
 */
public class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ToolException(String message) {
    super(message);
  }
}
