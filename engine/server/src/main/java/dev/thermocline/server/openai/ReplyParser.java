package dev.thermocline.server.openai;

import java.util.List;

/** Tells content, thoughts and tool calls of a text apart as it comes. One for each text. */
interface ReplyParser {
  /** Everything is content. */
  static ReplyParser plain() {
    return new ReplyParser() {
      @Override
      public List<Delta> add(Delta.Content piece) {
        return List.of(piece);
      }

      @Override
      public List<Delta> end() {
        return List.of();
      }

      @Override
      public boolean calledTools() {
        return false;
      }
    };
  }

  /** What a further piece of text adds. */
  List<Delta> add(Delta.Content piece);

  /** What was held back until it was known that no more comes. */
  List<Delta> end();

  /** Whether the answer calls tools. */
  boolean calledTools();
}
