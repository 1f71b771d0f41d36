package dev.thermocline.engine.api;

import dev.thermocline.engine.tools.PlainJson;
import dev.thermocline.engine.tools.Thinking;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolFormat;
import dev.thermocline.engine.tools.ToolsInWords;
import dev.thermocline.models.Model;
import dev.thermocline.models.template.ChatMessage;
import dev.thermocline.models.template.ChatTemplate;
import dev.thermocline.models.template.Conversation;
import dev.thermocline.models.tokenizer.PromptText;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conversations as a model's template writes them down. Safe for use by several threads. */
final class Prompts {
  private final Model model;
  private final ChatTemplate template;
  private final String source;
  private final ToolFormat toolFormat;

  /**
   * Reads the template of a model.
   *
   * @throws dev.thermocline.models.jinja.TemplateException if it does not parse
   */
  Prompts(Model model) {
    this.model = model;
    this.template = ChatTemplate.of(model.gguf().metadata(), model.tokenizer());
    this.source =
        template.isPlain() ? ChatTemplate.PLAIN : model.gguf().metadata().string(ChatTemplate.KEY);
    this.toolFormat = ToolFormat.of(source);
  }

  boolean isPlain() {
    return template.isPlain();
  }

  ToolFormat toolFormat() {
    return toolFormat;
  }

  /** Writes a conversation down to where the answer begins. */
  PromptText render(List<ChatMessage> messages, AnswerOptions options, boolean reply) {
    List<Tool> tools = options.callsTools() ? options.tools() : List.of();
    boolean shown = toolFormat != ToolFormat.GENERIC;
    List<Map<String, Object>> maps = messages.stream().map(ChatMessage::toMap).toList();
    Conversation conversation =
        new Conversation(
            shown ? maps : ToolsInWords.of(maps, tools),
            shown ? tools.stream().map(Prompts::toMap).toList() : List.of(),
            options.templateOptions(),
            reply);
    return template.render(conversation, LocalDateTime.now(ZoneId.systemDefault()));
  }

  int[] encode(PromptText text) {
    return model.tokenizer().encode(text, true);
  }

  Thinking thinking(PromptText prompt) {
    return Thinking.of(source, prompt.text());
  }

  private static Map<String, Object> toMap(Tool tool) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", tool.name());
    function.put("description", tool.description());
    function.put("parameters", PlainJson.object(tool.parameters()));
    return Map.of("type", "function", "function", function);
  }
}
