package dev.thermocline.server.openai;

import java.util.List;

/** What an answer grows by. */
sealed interface Delta {

  /**
   * Text that the user reads.
   *
   * @param scores of the tokens it came from, where they were asked for
   */
  record Content(String text, List<TokenScore> scores) implements Delta {
    public Content {
      scores = List.copyOf(scores);
    }
  }

  /** What the model thinks before it speaks. */
  record Reasoning(String text) implements Delta {}

  /** The model calls a tool; the arguments follow. */
  record ToolCall(int index, String id, String name) implements Delta {}

  /** More of a call's arguments, which are JSON. */
  record ToolArguments(int index, String json) implements Delta {}
}
