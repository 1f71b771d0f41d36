package dev.thermocline.server.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How answers are written down: as chat completions or as completions. */
interface ReplyFormat {
  /** The event that begins a choice of a stream; null for none. */
  @Nullable ObjectNode opening(int choice);

  /** The event that adds to a choice. */
  ObjectNode piece(int choice, Delta delta);

  /** The event that ends a choice. */
  ObjectNode end(int choice, String finishReason);

  /** The last event where the usage is asked for. */
  ObjectNode usage(Usage usage);

  /** The whole answer of a call that does not stream. */
  ObjectNode whole(List<Answer> answers, Usage usage);
}
