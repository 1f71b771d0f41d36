package dev.thermocline.engine.tools;

import java.util.List;

/**
 * The tools of a request and how an answer calls them.
 *
 * @param format how the model writes calls
 * @param tools those it may call, of different names
 * @param choice whether it calls any
 * @param parallel whether it may call several in one answer
 * @param thinking whether a section of thoughts comes before
 */
public record ToolCalls(
    ToolFormat format, List<Tool> tools, ToolChoice choice, boolean parallel, Thinking thinking) {
  private static final int MOST_TOOLS = 128;

  public ToolCalls {
    tools = List.copyOf(tools);
    if (tools.size() > MOST_TOOLS) {
      throw new IllegalArgumentException(
          "tools: expected at most " + MOST_TOOLS + ", got " + tools.size());
    }
    if (tools.stream().map(Tool::name).distinct().count() < tools.size()) {
      throw new IllegalArgumentException("tools: expected different names, got the same one twice");
    }
    boolean none = tools.isEmpty();
    if (choice instanceof ToolChoice.Required && none) {
      throw new IllegalArgumentException("tool choice: expected a tool to call, got none");
    }
    if (choice instanceof ToolChoice.Named named
        && tools.stream().noneMatch(tool -> tool.name().equals(named.name()))) {
      throw new IllegalArgumentException(
          "tool choice: expected the name of a tool, got " + named.name());
    }
  }

  /** Tools that the choice leaves. */
  public List<Tool> callable() {
    return switch (choice) {
      case ToolChoice.None none -> List.of();
      case ToolChoice.Auto auto -> tools;
      case ToolChoice.Required required -> tools;
      case ToolChoice.Named named ->
          tools.stream().filter(tool -> tool.name().equals(named.name())).toList();
    };
  }

  /** Whether an answer without a call is no answer. */
  public boolean isForced() {
    return choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
  }
}
