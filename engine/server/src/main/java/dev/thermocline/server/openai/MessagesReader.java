package dev.thermocline.server.openai;

import dev.thermocline.server.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Messages of a chat request, as templates want them. */
final class MessagesReader {
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private static final String THINKING = "enable_thinking";

  private MessagesReader() {}

  /** Reads {@code messages}, of which there must be one. */
  static List<Map<String, Object>> read(Parameters parameters) {
    List<Parameters.Element> elements = parameters.elements("messages");
    if (elements.isEmpty()) {
      throw parameters.wrong("messages", "an array of at least one message");
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Parameters.Element element : elements) {
      messages.add(message(element.object()));
    }
    return messages;
  }

  private static Map<String, Object> message(Parameters message) {
    String role =
        message.string("role").orElseThrow(() -> message.wrong("role", "the speaker's role"));
    if (!ROLES.contains(role)) {
      throw message.wrong("role", "system, developer, user, assistant or tool");
    }
    Map<String, Object> map = new LinkedHashMap<>();
    // Templates know of the newer name no more than their models do.
    map.put("role", role.equals("developer") ? "system" : role);
    List<Object> calls = calls(message);
    map.put("content", content(message, role.equals("assistant")));
    if (!calls.isEmpty()) {
      map.put("tool_calls", calls);
    }
    message.string("tool_call_id").ifPresent(id -> map.put("tool_call_id", id));
    message.string("name").ifPresent(name -> map.put("name", name));
    message
        .string("reasoning_content")
        .ifPresent(reasoning -> map.put("reasoning_content", reasoning));
    return map;
  }

  private static String content(Parameters message, boolean mayBeAbsent) {
    JsonNode content = message.node("content");
    if (content == null) {
      if (mayBeAbsent) {
        return "";
      }
      throw message.wrong("content", "a string or an array of parts");
    }
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray()) {
      throw message.wrong("content", "a string or an array of parts");
    }
    List<String> texts = new ArrayList<>();
    for (Parameters.Element part : message.elements("content")) {
      texts.add(text(part.object()));
    }
    return String.join("\n", texts);
  }

  private static String text(Parameters part) {
    String type = part.string("type").orElse("text");
    return switch (type) {
      case "text" ->
          part.string("text").orElseThrow(() -> part.wrong("text", "the text of this part"));
      case "refusal" -> part.string("refusal").orElse("");
      default -> throw part.wrong("type", "text, for this server reads nothing else");
    };
  }

  private static List<Object> calls(Parameters message) {
    List<Object> calls = new ArrayList<>();
    for (Parameters.Element element : message.elements("tool_calls")) {
      calls.add(call(element.object()));
    }
    return calls;
  }

  private static Map<String, Object> call(Parameters call) {
    Parameters function =
        call.inner("function").orElseThrow(() -> call.wrong("function", "what is called"));
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put(
        "name",
        function.string("name").orElseThrow(() -> function.wrong("name", "a function's name")));
    inner.put("arguments", arguments(function));
    Map<String, Object> map = new LinkedHashMap<>();
    call.string("id").ifPresent(id -> map.put("id", id));
    map.put("type", "function");
    map.put("function", inner);
    return map;
  }

  /** Templates write arguments down as JSON themselves; what is none they get as it is. */
  private static Object arguments(Parameters function) {
    JsonNode value = function.node("arguments");
    if (value == null) {
      return Map.of();
    }
    JsonNode parsed = value.isString() ? Json.parseOrNull(value.stringValue()) : value;
    if (parsed != null && parsed.isObject()) {
      return plain(parsed);
    }
    if (value.isString()) {
      return value.stringValue();
    }
    throw function.wrong("arguments", "JSON in a string");
  }

  private static Object plain(JsonNode node) {
    Object value = Json.plain(node);
    if (value == null) {
      throw new IllegalStateException("an object is not null");
    }
    return value;
  }

  /**
   * What a template gets besides: {@code chat_template_kwargs}, {@code enable_thinking}, which
   * clients write beside them too, and {@code reasoning_effort}, of which none is no thinking.
   */
  static Map<String, @Nullable Object> options(Parameters parameters) {
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    parameters
        .inner("chat_template_kwargs")
        .ifPresent(kwargs ->
            kwargs.object().forEachEntry((key, value) -> options.put(key, Json.plain(value))));
    if (parameters.node(THINKING) != null) {
      options.putIfAbsent(THINKING, parameters.flag(THINKING));
    }
    parameters
        .string("reasoning_effort")
        .ifPresent(effort -> {
          options.putIfAbsent("reasoning_effort", effort);
          if (effort.equals("none")) {
            options.putIfAbsent(THINKING, false);
          }
        });
    return options;
  }

  /** The tools as they are. */
  static List<Map<String, Object>> plainTools(Parameters parameters) {
    List<Map<String, Object>> tools = new ArrayList<>();
    for (Parameters.Element element : parameters.elements("tools")) {
      @SuppressWarnings("unchecked") // of a JSON object
      Map<String, Object> map = (Map<String, Object>) plain(element.value());
      tools.add(map);
    }
    return tools;
  }
}
