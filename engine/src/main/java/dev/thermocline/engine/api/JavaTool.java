package dev.thermocline.engine.api;

import dev.thermocline.engine.tools.Tool;

/**
 * A function that a model may call, its arguments a record.
 *
 * <pre>{@code
 * record City(@Property("its English name") String name) {}
 * JavaTool weather =
 *     JavaTool.of("get_weather", "tells the weather", City.class, city -> forecast(city.name()));
 * }</pre>
 *
 * @since 0.1
 */
public final class JavaTool {
  private final Tool tool;
  private final Caller caller;

  /** Reads arguments and runs the function. */
  @FunctionalInterface
  private interface Caller {
    String call(String arguments);
  }

  private JavaTool(Tool tool, Caller caller) {
    this.tool = tool;
    this.caller = caller;
  }

  /**
   * Describes a tool.
   *
   * @param name letters, digits, {@code _ - .}, at most 128 of them
   * @param description what it does, for the model
   * @param arguments as {@link RecordFormat#of} takes it; a record without components for none
   * @param function what it does
   */
  public static <A extends Record> JavaTool of(
      String name, String description, Class<A> arguments, ToolFunction<? super A> function) {
    RecordFormat<A> format = RecordFormat.of(arguments);
    return new JavaTool(
        new Tool(name, description, format.schema()), json -> function.call(format.parse(json)));
  }

  /** What the model is shown. */
  public Tool tool() {
    return tool;
  }

  /**
   * Runs the function.
   *
   * @param arguments a JSON object by the tool's schema
   * @throws IllegalArgumentException if it is none, or the record refuses it
   */
  public String call(String arguments) {
    return caller.call(arguments);
  }
}
