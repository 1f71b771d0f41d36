package dev.thermocline.engine.api;

import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.tools.PlainJson;
import dev.thermocline.models.template.ChatMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A complete answer. Later versions may have more components: use the accessors, not the
 * constructor.
 *
 * @param text what the model says
 * @param reasoning what it thought before, empty for nothing
 * @param toolRequests what it wants called; a call that the token limit cut off is left out
 * @param finish why it ended, never {@link FinishReason#FAILED}
 * @param promptTokens tokens of the prompt
 * @param cachedTokens those of them that did not have to be computed, as an earlier text began
 *     alike
 * @param tokens tokens generated
 * @param firstToken time from the request to the first token
 * @param elapsed time from the request to the end
 * @since 0.1
 */
public record Answer(
    String text,
    String reasoning,
    List<ToolRequest> toolRequests,
    FinishReason finish,
    int promptTokens,
    int cachedTokens,
    int tokens,
    Duration firstToken,
    Duration elapsed) {
  public Answer {
    toolRequests = List.copyOf(toolRequests);
  }

  /** The answer as the message that goes on the conversation. */
  public ChatMessage message() {
    List<ChatMessage.ToolCall> calls = new ArrayList<>();
    for (ToolRequest request : toolRequests) {
      calls.add(
          new ChatMessage.ToolCall(
              request.id(), request.name(), PlainJson.object(request.arguments())));
    }
    return new ChatMessage(
        "assistant", text, calls, null, null, reasoning.isEmpty() ? null : reasoning);
  }
}
