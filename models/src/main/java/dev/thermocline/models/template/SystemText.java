package dev.thermocline.models.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversations for templates that know no system role. */
final class SystemText {
  private SystemText() {}

  /**
   * The conversation with the text of its system messages before that of the first user message;
   * the very same one where there is none of either.
   */
  static Conversation fold(Conversation conversation) {
    StringBuilder text = new StringBuilder();
    List<Map<String, ?>> rest = new ArrayList<>();
    for (Map<String, ?> message : conversation.messages()) {
      if ("system".equals(message.get("role")) || "developer".equals(message.get("role"))) {
        text.append(text(message.get("content"))).append("\n\n");
      } else {
        rest.add(message);
      }
    }
    for (int i = 0; i < rest.size() && !text.isEmpty(); i++) {
      if ("user".equals(rest.get(i).get("role"))) {
        rest.set(i, prepend(text.toString(), rest.get(i)));
        return conversation.withMessages(rest);
      }
    }
    return conversation;
  }

  private static Map<String, ?> prepend(String text, Map<String, ?> message) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(message);
    if (message.get("content") instanceof List<?> parts) {
      List<Object> all = new ArrayList<>(parts);
      all.addFirst(Map.of("type", "text", "text", text));
      copy.put("content", all);
    } else {
      copy.put("content", text + text(message.get("content")));
    }
    return copy;
  }

  /** The text of a content, which may come in parts. */
  private static String text(@Nullable Object content) {
    if (!(content instanceof List<?> parts)) {
      return content == null ? "" : content.toString();
    }
    StringBuilder all = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
        all.append(text);
      }
    }
    return all.toString();
  }
}
