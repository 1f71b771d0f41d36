package dev.thermocline.server.openai;

import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolChoice;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tools of a chat request and whether they are to be called.
 *
 * @param shown as the chat template gets them
 */
record ToolReader(List<Tool> tools, ToolChoice choice, List<Map<String, Object>> shown) {
  ToolReader {
    tools = List.copyOf(tools);
    shown = List.copyOf(shown);
  }

  /** Reads {@code tools} and {@code tool_choice}; a choice of none is the same as no tools. */
  static ToolReader read(Parameters parameters) {
    List<Tool> tools = new ArrayList<>();
    for (Parameters.Element element : parameters.elements("tools")) {
      tools.add(tool(element.object()));
    }
    ToolChoice choice = choice(parameters, tools);
    return choice instanceof ToolChoice.None
        ? new ToolReader(List.of(), choice, List.of())
        : new ToolReader(tools, choice, MessagesReader.plainTools(parameters));
  }

  private static Tool tool(Parameters tool) {
    tool.choice("type", "function");
    Parameters function =
        tool.inner("function").orElseThrow(() -> tool.wrong("function", "a function"));
    String name =
        function.string("name").orElseThrow(() -> function.wrong("name", "a function's name"));
    function.inner("parameters");
    JsonNode schema = function.node("parameters");
    try {
      return new Tool(
          name,
          function.string("description").orElse(""),
          schema == null ? Tool.NO_PARAMETERS : Json.text(schema));
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(
          function.path("name"), function.path("name") + ": " + e.getMessage());
    }
  }

  private static ToolChoice choice(Parameters parameters, List<Tool> tools) {
    JsonNode value = parameters.node("tool_choice");
    if (value == null) {
      return tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
    }
    if (value.isString()) {
      return choice(parameters, value.stringValue(), tools);
    }
    Parameters object = Parameters.of("tool_choice", value);
    object.choice("type", "function");
    Parameters function =
        object.inner("function").orElseThrow(() -> object.wrong("function", "a function"));
    String name =
        function.string("name").orElseThrow(() -> function.wrong("name", "a function's name"));
    if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw function.wrong("name", "the name of one of the tools");
    }
    return new ToolChoice.Named(name);
  }

  private static ToolChoice choice(Parameters parameters, String word, List<Tool> tools) {
    return switch (word) {
      case "none" -> new ToolChoice.None();
      case "auto" -> tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
      case "required" -> {
        if (tools.isEmpty()) {
          throw ApiException.invalid("tool_choice", "tool_choice: expected tools, got none");
        }
        yield new ToolChoice.Required();
      }
      default -> throw parameters.wrong("tool_choice", "none, auto, required or a function");
    };
  }

  /** Whether there is nothing to call. */
  boolean isEmpty() {
    return tools.isEmpty();
  }
}
