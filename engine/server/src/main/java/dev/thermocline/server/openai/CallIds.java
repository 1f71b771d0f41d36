package dev.thermocline.server.openai;

import dev.thermocline.engine.tools.ToolFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names of tool calls, by which results refer to them. The templates of Mistral's models refuse all
 * but nine letters and digits, so these are what such a model's calls get, and what names of
 * another origin become.
 */
final class CallIds {
  private static final int LENGTH = 9;

  private CallIds() {}

  /** A name for a new call. */
  static String fresh(@Nullable ToolFormat format) {
    String token = ReplyHead.token();
    return format == ToolFormat.MISTRAL ? token.substring(0, LENGTH) : "call_" + token;
  }

  /** The messages with names that the templates of a format take. */
  static List<Map<String, Object>> fitting(ToolFormat format, List<Map<String, Object>> messages) {
    return format == ToolFormat.MISTRAL
        ? messages.stream().map(CallIds::fitting).toList()
        : messages;
  }

  private static Map<String, Object> fitting(Map<String, Object> message) {
    Map<String, Object> fitting = new LinkedHashMap<>(message);
    fitting.computeIfPresent("tool_call_id", (key, id) -> fitting(id));
    if (fitting.get("tool_calls") instanceof List<?> calls) {
      List<Object> renamed = new ArrayList<>();
      for (Object call : calls) {
        renamed.add(call instanceof Map<?, ?> map ? renamed(map) : call);
      }
      fitting.put("tool_calls", renamed);
    }
    return fitting;
  }

  private static Map<Object, Object> renamed(Map<?, ?> call) {
    Map<Object, Object> renamed = new LinkedHashMap<>(call);
    renamed.computeIfPresent("id", (key, id) -> fitting(id));
    return renamed;
  }

  /** The same for the same name, wherever it stands. */
  private static Object fitting(Object id) {
    String text = id.toString();
    return text.matches("[a-zA-Z0-9]{9}")
        ? text
        : UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
            .toString()
            .replace("-", "")
            .substring(0, LENGTH);
  }
}
