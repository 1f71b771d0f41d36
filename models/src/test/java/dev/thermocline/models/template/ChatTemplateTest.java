package dev.thermocline.models.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thermocline.models.jinja.TemplateException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2025, 1, 2, 3, 4);
  private static final String NO_SYSTEM =
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no"
          + " system') }}{% endif %}<{{ m.role }}>{{ m.content }}{% for c in m.tool_calls or []"
          + " %}{{ c.function.name }}{{ c.function.arguments|tojson }}{% endfor %}{% endfor %}{% if"
          + " add_generation_prompt %}<assistant>{% endif %}";

  private static String render(String source, ChatMessage... messages) {
    return ChatTemplate.of(source, "<s>", "</s>")
        .render(Conversation.of(List.of(messages)), NOW)
        .text();
  }

  @Test
  void aRefusedSystemTextGoesBeforeTheFirstUserMessage() {
    assertEquals(
        "<s><user>Be kind.\n\nHi<assistant>Yes?<user>Bye<assistant>",
        render(
            NO_SYSTEM,
            ChatMessage.of("system", "Be kind."),
            ChatMessage.of("user", "Hi"),
            ChatMessage.of("assistant", "Yes?"),
            ChatMessage.of("user", "Bye")));
  }

  @Test
  void partsOfAMessageAreKept() {
    List<Map<String, Object>> parts = List.of(Map.of("type", "text", "text", "Hi"));
    Conversation conversation =
        new Conversation(
            List.of(
                Map.of("role", "system", "content", "S"), Map.of("role", "user", "content", parts)),
            List.of(),
            Map.of(),
            false);
    String source =
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}"
            + "{% for p in m.content %}[{{ p.text }}]{% endfor %}{% endfor %}";
    assertEquals("[S\n\n][Hi]", ChatTemplate.of(source, "", "").render(conversation, NOW).text());
  }

  @Test
  void aRefusalThatFoldingDoesNotHelpIsTheOneReported() {
    TemplateException e =
        assertThrows(
            TemplateException.class,
            () ->
                render(
                    "{{ raise_exception('never') }}",
                    ChatMessage.of("system", "S"),
                    ChatMessage.of("user", "U")));
    assertEquals("never", e.getMessage());
  }

  @Test
  void toolCallsAppearAsTheApiNamesThem() {
    ChatMessage call =
        new ChatMessage(
            "assistant",
            "",
            List.of(new ChatMessage.ToolCall("1", "add", Map.of("a", 1L))),
            null,
            null,
            null);
    assertEquals(
        "<s><assistant>add{\"a\": 1}<tool>2<assistant>",
        render(NO_SYSTEM, call, ChatMessage.toolResult("1", "add", "2")));
  }

  @Test
  void theFallBackIsTheTextItself() {
    assertEquals(
        "Once\n\nupon",
        render(ChatTemplate.PLAIN, ChatMessage.of("user", "Once"), ChatMessage.of("user", "upon")));
  }
}
