package dev.thermocline.engine.tools;

/** Whether a model calls tools. */
public sealed interface ToolChoice {

  /** Never. */
  record None() implements ToolChoice {}

  /** As it likes; what it calls, it calls as declared. */
  record Auto() implements ToolChoice {}

  /** At least one. */
  record Required() implements ToolChoice {}

  /** This one. */
  record Named(String name) implements ToolChoice {}
}
