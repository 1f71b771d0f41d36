package dev.thermocline.engine.tools;

/**
 * A function that a model may ask to be called.
 *
 * @param name letters, digits, {@code _ - .}, at most 128 of them
 * @param description what it does, for the model; may be empty
 * @param parameters JSON Schema of its arguments, an object
 */
public record Tool(String name, String description, String parameters) {
  /** A function without parameters. */
  public static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

  public Tool {
    if (!name.matches("[A-Za-z0-9_.-]{1,128}")) {
      throw new IllegalArgumentException(
          "tool name: expected 1 to 128 letters, digits, _ - or ., got " + name);
    }
  }
}
