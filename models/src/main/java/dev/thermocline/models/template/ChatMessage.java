package dev.thermocline.models.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param role who says it: {@code system}, {@code user}, {@code assistant}, {@code tool}
 * @param content what is said, empty where an assistant only calls tools
 * @param toolCalls what an assistant wants called
 * @param toolCallId of a tool's answer: the call that it answers
 * @param name who speaks, where a role has several speakers; a tool's name
 * @param reasoning what an assistant thought before it spoke
 */
public record ChatMessage(
    String role,
    String content,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    @Nullable String name,
    @Nullable String reasoning) {

  /**
   * A call of a tool.
   *
   * @param id name of this call
   * @param function name of the tool
   * @param arguments its arguments, by name
   */
  public record ToolCall(String id, String function, Map<String, Object> arguments) {
    Map<String, Object> toMap() {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("name", function);
      inner.put("arguments", arguments);
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("id", id);
      map.put("type", "function");
      map.put("function", inner);
      return map;
    }
  }

  public ChatMessage {
    toolCalls = List.copyOf(toolCalls);
  }

  /** A message that is nothing but text. */
  public static ChatMessage of(String role, String content) {
    return new ChatMessage(role, content, List.of(), null, null, null);
  }

  /** What the model is told before everything else. */
  public static ChatMessage system(String content) {
    return of("system", content);
  }

  /** What somebody says to the model. */
  public static ChatMessage user(String content) {
    return of("user", content);
  }

  /** What the model said. */
  public static ChatMessage assistant(String content) {
    return of("assistant", content);
  }

  /** A tool's answer. */
  public static ChatMessage toolResult(String toolCallId, String name, String content) {
    return new ChatMessage("tool", content, List.of(), toolCallId, name, null);
  }

  /** As templates expect it, with the names of OpenAI's API. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", role);
    map.put("content", content);
    if (!toolCalls.isEmpty()) {
      map.put("tool_calls", toolCalls.stream().map(ToolCall::toMap).toList());
    }
    put(map, "tool_call_id", toolCallId);
    put(map, "name", name);
    put(map, "reasoning_content", reasoning);
    return map;
  }

  private static void put(Map<String, Object> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }
}
