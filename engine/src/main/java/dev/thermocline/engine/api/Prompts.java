package dev.thermocline.engine.api;

import dev.thermocline.engine.constrain.schema.JsonText;
import dev.thermocline.engine.tools.Thinking;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolFormat;
import dev.thermocline.models.Model;
import dev.thermocline.models.template.ChatMessage;
import dev.thermocline.models.template.ChatTemplate;
import dev.thermocline.models.template.Conversation;
import dev.thermocline.models.tokenizer.PromptText;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
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
    List<ChatMessage> told = shown ? messages : inWords(messages, toolFormat.instructions(tools));
    Conversation conversation =
        new Conversation(
            told.stream().map(ChatMessage::toMap).toList(),
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

  /** For templates that know of no tools: what they are, what was called and what came of it. */
  private static List<ChatMessage> inWords(List<ChatMessage> messages, String instructions) {
    List<ChatMessage> all = new ArrayList<>();
    for (ChatMessage message : messages) {
      all.add(inWords(message));
    }
    if (instructions.isEmpty()) {
      return all;
    }
    if (!all.isEmpty() && all.getFirst().role().equals("system")) {
      all.set(0, ChatMessage.system(all.getFirst().content() + "\n\n" + instructions));
    } else {
      all.addFirst(ChatMessage.system(instructions));
    }
    return all;
  }

  private static ChatMessage inWords(ChatMessage message) {
    if (message.role().equals("tool")) {
      return ChatMessage.user("<tool_response>" + message.content() + "</tool_response>");
    }
    if (message.toolCalls().isEmpty()) {
      return message;
    }
    StringBuilder text = new StringBuilder(message.content());
    for (ChatMessage.ToolCall call : message.toolCalls()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(ToolFormat.GENERIC.opening())
          .append("{\"name\": ")
          .append(JsonText.quote(call.function()))
          .append(", \"arguments\": ")
          .append(PlainJson.write(call.arguments()))
          .append('}')
          .append(ToolFormat.GENERIC.closing());
    }
    return ChatMessage.assistant(text.toString());
  }
}
