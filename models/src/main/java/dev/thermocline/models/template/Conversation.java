package dev.thermocline.models.template;

import java.util.List;
import java.util.Map;

/**
 * What a chat template writes down, in the shape of OpenAI's API: maps, lists, strings, numbers,
 * booleans and null.
 *
 * @param messages each with at least a {@code role}; see {@link ChatMessage#toMap}
 * @param tools what the model may call; empty for none
 * @param options further variables of templates, such as {@code enable_thinking}
 * @param reply whether the prompt goes on to where the model's answer begins
 */
public record Conversation(
    List<? extends Map<String, ?>> messages,
    List<? extends Map<String, ?>> tools,
    Map<String, ?> options,
    boolean reply) {

  /** A conversation that the model is to continue. */
  public static Conversation of(List<ChatMessage> messages) {
    return new Conversation(
        messages.stream().map(ChatMessage::toMap).toList(), List.of(), Map.of(), true);
  }

  Conversation withMessages(List<? extends Map<String, ?>> others) {
    return new Conversation(others, tools, options, reply);
  }
}
