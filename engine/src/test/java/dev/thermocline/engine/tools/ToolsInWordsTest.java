package dev.thermocline.engine.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What templates without tools are told, and that plain messages stay as they are. */
class ToolsInWordsTest {
  private static final Tool WEATHER = new Tool("weather", "of a city", Tool.NO_PARAMETERS);
  private static final Map<String, Object> QUESTION = Map.of("role", "user", "content", "Rain?");

  @Test
  void withoutToolsNothingChanges() {
    assertEquals(List.of(QUESTION), ToolsInWords.of(List.of(QUESTION), List.of()));
  }

  @Test
  void toolsAreToldInASystemMessageOfTheirOwnOrTheFirst() {
    List<Map<String, Object>> own = ToolsInWords.of(List.of(QUESTION), List.of(WEATHER));
    assertEquals("system", own.getFirst().get("role"));
    assertTrue(own.getFirst().get("content").toString().contains("weather (of a city)"));
    assertEquals(QUESTION, own.getLast());

    Map<String, Object> system = Map.of("role", "system", "content", "Be kind.");
    List<Map<String, Object>> more = ToolsInWords.of(List.of(system, QUESTION), List.of(WEATHER));
    assertEquals(2, more.size());
    assertTrue(more.getFirst().get("content").toString().startsWith("Be kind.\n\nYou can call"));
  }

  @Test
  void callsAndResultsAreWrittenDown() {
    Map<String, Object> call =
        Map.of(
            "id",
            "1",
            "function",
            Map.of("name", "weather", "arguments", Map.of("city", "Pa\"ris", "days", 2)));
    Map<String, Object> answer =
        Map.of("role", "assistant", "content", "", "tool_calls", List.of(call));
    Map<String, Object> result = Map.of("role", "tool", "content", "wet", "tool_call_id", "1");
    List<Map<String, Object>> told = ToolsInWords.of(List.of(QUESTION, answer, result), List.of());
    String text = told.get(1).get("content").toString();
    assertTrue(text.startsWith("<tool_call>{\"name\": \"weather\", \"arguments\": {"), text);
    assertTrue(text.contains("\"city\":\"Pa\\\"ris\"") && text.contains("\"days\":2"), text);
    assertTrue(text.endsWith("}}</tool_call>"), text);
    assertTrue(!told.get(1).containsKey("tool_calls"));
    assertEquals(
        Map.of("role", "user", "content", "<tool_response>wet</tool_response>"), told.get(2));
  }
}
