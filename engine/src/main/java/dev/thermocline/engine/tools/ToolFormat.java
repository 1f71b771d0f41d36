package dev.thermocline.engine.tools;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a family of models writes its tool calls. */
public enum ToolFormat {
  /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}: Hermes, Qwen 2.5 and 3. */
  HERMES("<tool_call>", "</tool_call>", "arguments"),

  /** {@code {"name": …, "parameters": {…}}} as the whole answer: Llama 3. */
  LLAMA("<|python_tag|>", "", "parameters"),

  /** {@code [TOOL_CALLS][{"name": …, "arguments": {…}}, …]}: Mistral. */
  MISTRAL("[TOOL_CALLS]", "", "arguments"),

  /** As {@link #HERMES}, for models whose template has no tools: {@link #instructions} say how. */
  GENERIC("<tool_call>", "</tool_call>", "arguments");

  private final String opening;
  private final String closing;
  private final String argumentsKey;

  ToolFormat(String opening, String closing, String argumentsKey) {
    this.opening = opening;
    this.closing = closing;
    this.argumentsKey = argumentsKey;
  }

  /** The format that a chat template shows its model. */
  public static ToolFormat of(String template) {
    if (template.contains("[TOOL_CALLS]")) {
      return MISTRAL;
    }
    // Qwen3-Coder has the same tag around another syntax.
    if (template.contains("<tool_call>") && !template.contains("<function=")) {
      return HERMES;
    }
    boolean tools = template.contains("tools") && template.contains("\"parameters\"");
    return tools && template.toLowerCase(Locale.ROOT).contains("ipython") ? LLAMA : GENERIC;
  }

  /** What begins a call. */
  public String opening() {
    return opening;
  }

  /** What ends a call; empty where its brackets do. */
  public String closing() {
    return closing;
  }

  /** The member that holds the arguments. */
  public String argumentsKey() {
    return argumentsKey;
  }

  /** What a model must be told in its system text, because its template does not: empty or not. */
  public String instructions(List<Tool> tools) {
    if (this != GENERIC || tools.isEmpty()) {
      return "";
    }
    return "You can call these functions:\n"
        + tools.stream().map(ToolFormat::line).collect(Collectors.joining("\n"))
        + "\n\nTo call one, answer with its name and arguments as JSON between tags:\n"
        + "<tool_call>{\"name\": \"FUNCTION\", \"arguments\": {\"NAME\": VALUE}}</tool_call>";
  }

  private static String line(Tool tool) {
    String description = tool.description().isEmpty() ? "" : " (" + tool.description() + ")";
    return "- " + tool.name() + description + ", parameters: " + tool.parameters();
  }
}
