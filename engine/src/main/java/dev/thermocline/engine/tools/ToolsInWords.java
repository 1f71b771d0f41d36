package dev.thermocline.engine.tools;

import dev.thermocline.engine.constrain.schema.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations for models whose templates know of no tools ({@link ToolFormat#GENERIC}): what
 * there is to call, what was called and what came of it, all in the texts of messages. Messages are
 * maps as templates read them.
 */
public final class ToolsInWords {
  private ToolsInWords() {}

  /** The messages, the first a system message that tells of the tools if there are any. */
  public static List<Map<String, Object>> of(List<Map<String, Object>> messages, List<Tool> tools) {
    List<Map<String, Object>> all = new ArrayList<>();
    messages.forEach(message -> all.add(of(message)));
    String instructions = ToolFormat.GENERIC.instructions(tools);
    if (instructions.isEmpty()) {
      return all;
    }
    if (!all.isEmpty() && "system".equals(all.getFirst().get("role"))) {
      Map<String, Object> first = new LinkedHashMap<>(all.getFirst());
      first.put("content", first.get("content") + "\n\n" + instructions);
      all.set(0, first);
    } else {
      all.addFirst(Map.of("role", "system", "content", instructions));
    }
    return all;
  }

  private static Map<String, Object> of(Map<String, Object> message) {
    String content = String.valueOf(message.getOrDefault("content", ""));
    if ("tool".equals(message.get("role"))) {
      return Map.of("role", "user", "content", "<tool_response>" + content + "</tool_response>");
    }
    if (!(message.get("tool_calls") instanceof List<?> calls) || calls.isEmpty()) {
      return message;
    }
    StringBuilder text = new StringBuilder(content);
    for (Object call : calls) {
      text.append(text.isEmpty() ? "" : "\n").append(written(call));
    }
    Map<String, Object> told = new LinkedHashMap<>(message);
    told.remove("tool_calls");
    told.put("content", text.toString());
    return told;
  }

  private static String written(Object call) {
    Map<?, ?> function =
        call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> inner
            ? inner
            : Map.of();
    return ToolFormat.GENERIC.opening()
        + "{\"name\": "
        + JsonText.quote(String.valueOf(function.get("name")))
        + ", \"arguments\": "
        + arguments(function.get("arguments"))
        + '}'
        + ToolFormat.GENERIC.closing();
  }

  /** What is text already was no JSON object to begin with. */
  private static String arguments(@Nullable Object arguments) {
    return arguments instanceof String text ? JsonText.quote(text) : PlainJson.write(arguments);
  }
}
