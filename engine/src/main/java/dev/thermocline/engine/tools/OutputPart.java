package dev.thermocline.engine.tools;

/** A piece of an answer, as it arrives. */
public sealed interface OutputPart {

  /** Text for the reader. */
  record Content(String text) implements OutputPart {}

  /** What the model thinks before it answers. */
  record Reasoning(String text) implements OutputPart {}

  /**
   * A tool call begins.
   *
   * @param index 0 for the first one of the answer
   * @param id of this call, nine letters and digits: the templates of some models take no other
   * @param name of the tool
   */
  record CallStart(int index, String id, String name) implements OutputPart {}

  /** More of a call's arguments: pieces of one JSON text. */
  record CallArguments(int index, String json) implements OutputPart {}
}
