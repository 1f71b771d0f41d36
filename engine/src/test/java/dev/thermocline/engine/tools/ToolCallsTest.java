package dev.thermocline.engine.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.Constraints;
import dev.thermocline.engine.constrain.PieceTokenizer;
import dev.thermocline.engine.constrain.TokenConstraint;
import dev.thermocline.engine.sample.Sampler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToolCallsTest {
  private static final Tool WEATHER =
      new Tool(
          "get_weather",
          "the weather",
          "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"maxLength\":5},"
              + "\"days\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}},\"required\":[\"city\"]}");
  private static final Tool TIME = new Tool("time", "", Tool.NO_PARAMETERS);

  /** Token 1 is a control token, the first one after the bytes ends thoughts. */
  private static final PieceTokenizer TOKENIZER =
      PieceTokenizer.bytesAnd(
          List.of("</think>", "<think>", "<tool_call>", "{\"", "name\":", " \"", "a<", "n\n"));

  private static final int END_OF_THOUGHTS = 2 + 256;

  private static final Constraints CONSTRAINTS = Constraints.of(TOKENIZER, TOKENIZER.size());

  private static ToolCalls calls(ToolFormat format, ToolChoice choice, Thinking thinking) {
    return new ToolCalls(format, List.of(WEATHER, TIME), choice, true, thinking);
  }

  private static boolean allows(ToolCalls calls, String text) {
    return allows(CONSTRAINTS.toolCalls(calls), text);
  }

  private static boolean allows(Constraint constraint, String text) {
    TokenConstraint cursor = constraint.start();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      try {
        cursor.advance(2 + (b & 0xff));
      } catch (ConstraintException refused) {
        return false;
      }
    }
    return cursor.isComplete();
  }

  @Test
  void freeTextIsFreeUntilACallBegins() {
    ToolCalls auto = calls(ToolFormat.HERMES, new ToolChoice.Auto(), Thinking.NONE);
    String call = "<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>";
    assertTrue(allows(auto, ""));
    assertTrue(allows(auto, "<tool <tool_ca\u00e9"));
    assertTrue(allows(auto, "Well.\n" + call + "\n" + call));
    assertTrue(allows(auto, "<tool_<tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>"));
    assertFalse(allows(auto, "Well. <tool_call>no"));
    assertFalse(allows(auto, "<tool_call>{\"name\":\"rm\",\"arguments\":{}}</tool_call>"));
    assertFalse(allows(auto, "<tool_call>{\"name\":\"get_weather\",\"arguments\":{}}</tool_call>"));
  }

  @Test
  void theControlTokenIsAllowedInFreeTextOnly() {
    TokenConstraint free =
        CONSTRAINTS
            .toolCalls(calls(ToolFormat.HERMES, new ToolChoice.Auto(), Thinking.NONE))
            .start();
    free.advance(PieceTokenizer.CONTROL);
    TokenConstraint forced =
        CONSTRAINTS
            .toolCalls(calls(ToolFormat.HERMES, new ToolChoice.Required(), Thinking.NONE))
            .start();
    assertThrows(ConstraintException.class, () -> forced.advance(PieceTokenizer.CONTROL));
  }

  @Test
  void choicesAndFormats() {
    String weather = "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Bern\"}}";
    ToolCalls llama = calls(ToolFormat.LLAMA, new ToolChoice.Auto(), Thinking.NONE);
    assertTrue(allows(llama, weather));
    assertTrue(allows(llama, "Hello {"));
    assertTrue(allows(llama, "{\"nam"));
    assertFalse(allows(llama, "{\"name\": \"x\"}"));
    assertFalse(allows(llama, " {\"name\": \"x\"}"));
    ToolCalls named = calls(ToolFormat.LLAMA, new ToolChoice.Named("get_weather"), Thinking.NONE);
    assertTrue(allows(named, weather));
    assertFalse(allows(named, "Hello"));
    assertFalse(allows(named, "{\"name\": \"time\", \"parameters\": {}}"));
    ToolCalls mistral = calls(ToolFormat.MISTRAL, new ToolChoice.Required(), Thinking.NONE);
    assertTrue(allows(mistral, "[TOOL_CALLS][{\"name\":\"time\",\"arguments\":{}}]"));
    assertFalse(allows(mistral, "[TOOL_CALLS][]"));
    ToolCalls none = calls(ToolFormat.HERMES, new ToolChoice.None(), Thinking.NONE);
    assertTrue(allows(none, "<tool_call>whatever"));
  }

  @Test
  void thoughtsComeBeforeForcedCalls() {
    String call = "<tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>";
    ToolCalls open = calls(ToolFormat.HERMES, new ToolChoice.Required(), Thinking.OPEN);
    assertTrue(allows(open, "hm <tool_call> hm</think>\n\n" + call));
    assertFalse(allows(open, "hm"));
    assertFalse(allows(open, "hm</think>no"));
    ToolCalls possible = calls(ToolFormat.HERMES, new ToolChoice.Required(), Thinking.POSSIBLE);
    assertTrue(allows(possible, call));
    assertTrue(allows(possible, "<think>hm</think>" + call));
    assertFalse(allows(possible, "hm</think>" + call));
  }

  @Test
  void withAFormatAnAnswerIsACallOrTheFormat() {
    String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,2]}}}";
    String call = "<tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>";
    Constraint plain =
        CONSTRAINTS.toolCallsOrJson(
            calls(ToolFormat.HERMES, new ToolChoice.Auto(), Thinking.NONE), schema);
    assertTrue(allows(plain, call));
    assertTrue(allows(plain, "{\"a\":2}"));
    assertFalse(allows(plain, "Well."));
    assertFalse(allows(plain, "{\"a\":2}" + call));
    assertFalse(allows(plain, ""));
    Constraint thinking =
        CONSTRAINTS.toolCallsOrJson(
            calls(ToolFormat.MISTRAL, new ToolChoice.Auto(), Thinking.OPEN), schema);
    assertTrue(allows(thinking, "hm</think>\n{\"a\":1}"));
    assertTrue(allows(thinking, "hm</think>[TOOL_CALLS][{\"name\":\"time\",\"arguments\":{}}]"));
    assertFalse(allows(thinking, "hm"));
    ToolCalls required = calls(ToolFormat.HERMES, new ToolChoice.Required(), Thinking.NONE);
    assertFalse(allows(CONSTRAINTS.toolCallsOrJson(required, schema), "{\"a\":2}"));
    ToolCalls llama = calls(ToolFormat.LLAMA, new ToolChoice.Auto(), Thinking.NONE);
    assertThrows(ConstraintException.class, () -> CONSTRAINTS.toolCallsOrJson(llama, schema));
  }

  @Test
  void mistakesAreNamed() {
    Tool odd = new Tool("odd", "", "{\"type\":\"object\",\"not\":{}}");
    ToolCalls calls =
        new ToolCalls(ToolFormat.HERMES, List.of(odd), new ToolChoice.Auto(), true, Thinking.NONE);
    ConstraintException refused =
        assertThrows(ConstraintException.class, () -> CONSTRAINTS.toolCalls(calls));
    assertEquals("tool odd: schema, #: the keyword not cannot be enforced", refused.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> calls(ToolFormat.HERMES, new ToolChoice.Named("rm"), Thinking.NONE));
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void requiredIsValidByConstruction(ToolFormat format) {
    SplittableRandom random = new SplittableRandom(format.name().length());
    ToolCalls calls = calls(format, new ToolChoice.Required(), Thinking.POSSIBLE);
    int completed = 0;
    for (int i = 0; i < 30; i++) {
      String text = answer(calls, random);
      if (text.isEmpty()) {
        continue;
      }
      completed++;
      OutputParser parser = new OutputParser(format, Thinking.POSSIBLE);
      List<OutputPart> parts = new ArrayList<>(parser.accept(text));
      parts.addAll(parser.finish());
      assertTrue(parser.calls() > 0, text);
      for (OutputPart part : parts) {
        assertFalse(part instanceof OutputPart.Content, text + ": " + parts);
        if (part instanceof OutputPart.CallStart start) {
          assertTrue(List.of("get_weather", "time").contains(start.name()), text);
        }
      }
    }
    assertTrue(completed > 20, "completed " + completed);
  }

  /** An answer of random weights, empty if it does not end. */
  private static String answer(ToolCalls calls, SplittableRandom random) {
    SamplingParams hot = SamplingParams.builder().temperature(1.5f).seed(random.nextLong()).build();
    Sampler sampler =
        new Sampler(
            new GenerationRequest(new int[] {2}, 1, hot, false)
                .withConstraint(CONSTRAINTS.toolCalls(calls)),
            TOKENIZER.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] logits = new float[TOKENIZER.size()];
    for (int i = 0; i < 3000; i++) {
      for (int t = 0; t < logits.length; t++) {
        logits[t] = (float) (2 * random.nextGaussian());
      }
      logits[PieceTokenizer.END] += 6;
      logits[END_OF_THOUGHTS] += 6;
      int token = sampler.sample(logits, 0, logits.length, new int[0], 0);
      out.writeBytes(TOKENIZER.piece(token, false));
      if (token == PieceTokenizer.END || sampler.isFinished()) {
        return out.toString(StandardCharsets.UTF_8);
      }
    }
    return "";
  }
}
