package dev.thermocline.engine.api;

/**
 * What a tool does.
 *
 * @param <A> its arguments
 * @since 0.1
 */
@FunctionalInterface
public interface ToolFunction<A extends Record> {

  /**
   * Runs the tool, on the thread that reads the answer.
   *
   * @return what the model is told, text or JSON
   * @throws ToolException with what the model is told instead
   */
  String call(A arguments);
}
