package dev.thermocline.engine.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputParserTest {

  /** What comes out, the same whatever pieces the text comes in. */
  private static String parsed(@Nullable ToolFormat format, Thinking thinking, String text) {
    String whole = parsed(format, thinking, text, new SplittableRandom(0), text.length());
    for (int seed = 1; seed < 60; seed++) {
      assertEquals(whole, parsed(format, thinking, text, new SplittableRandom(seed), 6), text);
    }
    return whole;
  }

  private static String parsed(
      @Nullable ToolFormat format,
      Thinking thinking,
      String text,
      SplittableRandom random,
      int most) {
    return parsed(new OutputParser(format, thinking), text, random, most);
  }

  private static String parsed(
      OutputParser parser, String text, SplittableRandom random, int most) {
    StringBuilder out = new StringBuilder();
    String[] last = {""};
    int at = 0;
    while (at < text.length()) {
      int length = most == text.length() ? most : random.nextInt(1, most);
      int to = Math.min(text.length(), at + length);
      add(parser.accept(text.substring(at, to)), out, last);
      at = to;
    }
    add(parser.finish(), out, last);
    return out.toString();
  }

  private static void add(List<OutputPart> parts, StringBuilder out, String[] last) {
    for (OutputPart part : parts) {
      String kind =
          switch (part) {
            case OutputPart.Content content -> "C:";
            case OutputPart.Reasoning reasoning -> "R:";
            case OutputPart.CallStart start -> "T" + start.index() + ":" + start.name() + "=";
            case OutputPart.CallArguments arguments -> "A" + arguments.index() + ":";
          };
      String text =
          switch (part) {
            case OutputPart.Content content -> content.text();
            case OutputPart.Reasoning reasoning -> reasoning.text();
            case OutputPart.CallStart start -> "";
            case OutputPart.CallArguments arguments -> arguments.json();
          };
      out.append(kind.equals(last[0]) ? "" : "|" + kind).append(text);
      last[0] = kind;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "Hello < world>; |C:Hello < world>",
        "<tool_call>#{\"name\": \"f\", \"arguments\": {\"a\": [1, {}]}}#</tool_call>;"
            + " |T0:f=|A0:{\"a\": [1, {}]}",
        "Let me"
            + " see.##<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>#<tool_call>{\"name\":\"g\",\"arguments\":{\"s\":\"}\\\"</tool_call>\"}}</tool_call>;"
            + " |C:Let me see.|T0:f=|A0:{}|T1:g=|A1:{\"s\":\"}\\\"</tool_call>\"}",
        "<tool_call>{\"arguments\":{\"x\":1},\"name\":\"late\"}</tool_call>done;"
            + " |T0:late=|A0:{\"x\":1}|C:done",
        "<tool_call>oops</tool_call>; |C:<tool_call>oops</tool_call>",
        "<tool_call>{\"name\":\"f\",\"arguments\":{\"cut; |T0:f=|A0:{\"cut",
        "a <tool_cal; |C:a <tool_cal"
      })
  void hermes(String text, String expected) {
    assertEquals(expected, parsed(ToolFormat.HERMES, Thinking.NONE, text.replace('#', '\n')));
  }

  @Test
  void thoughtsComeFirst() {
    String answer = "<think>\nHm <b> .\n</think>\n\nYes.";
    assertEquals("|R:Hm <b> .|C:Yes.", parsed(null, Thinking.POSSIBLE, answer));
    assertEquals("|C:Yes <think>", parsed(null, Thinking.POSSIBLE, "Yes <think>"));
    assertEquals("|R:a|C:b", parsed(null, Thinking.OPEN, "\na\n</think>b"));
    assertEquals("|R:never done <", parsed(null, Thinking.OPEN, "never done <"));
    assertEquals("|C:<think>a</think>b", parsed(null, Thinking.NONE, "<think>a</think>b"));
    String call =
        "<think>x<tool_call></think>\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>";
    assertEquals("|R:x<tool_call>|T0:f=|A0:{}", parsed(ToolFormat.HERMES, Thinking.POSSIBLE, call));
  }

  @Test
  void llama() {
    String call = "{\"name\": \"f\", \"parameters\": {\"a\": \"b\"}}";
    assertEquals("|T0:f=|A0:{\"a\": \"b\"}", parsed(ToolFormat.LLAMA, Thinking.NONE, call));
    assertEquals(
        "|T0:f=|A0:{\"a\": \"b\"}",
        parsed(ToolFormat.LLAMA, Thinking.NONE, "\n<|python_tag|>" + call));
    assertEquals("|C:{\"nama\": 1}", parsed(ToolFormat.LLAMA, Thinking.NONE, "{\"nama\": 1}"));
    assertEquals("|C:{ \"na", parsed(ToolFormat.LLAMA, Thinking.NONE, "{ \"na"));
  }

  @Test
  void mistral() {
    String calls =
        "ok [TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {}}, {\"name\": \"g\", \"arguments\":"
            + " {\"x\": 1}}]";
    assertEquals(
        "|C:ok|T0:f=|A0:{}|T1:g=|A1:{\"x\": 1}", parsed(ToolFormat.MISTRAL, Thinking.NONE, calls));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"s\": \"<tool_call>{}</tool_call>\"};|C:{\"s\": \"<tool_call>{}</tool_call>\"}",
        "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>;|T0:f=|A0:{}",
        "<think>hm</think>[1, \"<tool_call>{\"];|R:hm|C:[1, \"<tool_call>{\"]",
        "<tool;|C:<tool"
      })
  void whereAnAnswerIsCallsOrTextItsBeginningDecides(String text, String expected) {
    for (int seed = 0; seed < 30; seed++) {
      OutputParser parser = new OutputParser(ToolFormat.HERMES, Thinking.POSSIBLE, true);
      assertEquals(expected, parsed(parser, text, new SplittableRandom(seed), 6));
    }
  }
}
