package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.models.Model;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Constraints and log-probabilities with a real model and its tokenizer. */
class ConstrainedGenerationTest {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":12},"
          + "\"age\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":120},\"likes\":{\"type\":\"array\","
          + "\"items\":{\"enum\":[\"honey\",\"rain\"]},\"maxItems\":3}},"
          + "\"required\":[\"name\",\"age\",\"likes\"],\"additionalProperties\":false}";

  private static Model model;
  private static InferenceEngine engine;

  @BeforeAll
  static void open() throws Exception {
    model = Model.openDefault();
    engine = InferenceEngine.open(model, Runs.cpu(2).withContext(256).withSequences(4));
  }

  @AfterAll
  static void close() {
    engine.close();
    model.close();
  }

  private static GenerationRequest request(int most, float temperature, long seed) {
    int[] prompt = model.tokenizer().encode("The fox: ", false, true);
    SamplingParams params = SamplingParams.builder().temperature(temperature).seed(seed).build();
    return new GenerationRequest(prompt, most, params, false);
  }

  private static String text(Generation generation) throws InterruptedException {
    TextStream stream = new TextStream(model.tokenizer(), generation, List.of(), true);
    StringBuilder text = new StringBuilder();
    for (String piece = stream.next(); piece != null; piece = stream.next()) {
      text.append(piece);
    }
    return text.toString();
  }

  @Test
  void answersAreValidAtAnyTemperature() throws Exception {
    Constraint constraint = engine.constraints().jsonSchema(SCHEMA);
    Schema oracle =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SCHEMA, InputFormat.JSON);
    List<Generation> running = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      float temperature = List.of(0f, 1.5f, 20f).get(i % 3);
      running.add(engine.submit(request(200, temperature, i).withConstraint(constraint)));
    }
    for (Generation generation : running) {
      String text = text(generation);
      assertEquals(FinishReason.STOP, generation.finish(), text);
      assertEquals(List.of(), oracle.validate(text, InputFormat.JSON), text);
    }
  }

  @Test
  void whatIsCutShortSaysSo() throws Exception {
    Constraint constraint = engine.constraints().jsonSchema(SCHEMA);
    Generation cut = engine.submit(request(5, 1.5f, 1).withConstraint(constraint));
    assertEquals(5, cut.awaitAll().length);
    assertEquals(FinishReason.LENGTH, cut.finish());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new GenerationRequest(new int[] {1}, 5, SamplingParams.greedy(), true)
                .withConstraint(constraint));
  }

  @Test
  void aTextEndsWithItsLastTokenWhereNothingCanFollow() throws Exception {
    Constraint constraint = engine.constraints().regex("owl");
    Generation generation = engine.submit(request(50, 1, 1).withConstraint(constraint));
    assertEquals("owl", text(generation));
    assertEquals(FinishReason.STOP, generation.finish());
  }

  @Test
  void anAmbiguousGrammarFailsAloneAndInTheEnd() throws Exception {
    Constraint hostile =
        engine
            .constraints()
            .gbnf("root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"a\" root \"d\" | \"a\"");
    SamplingParams as =
        SamplingParams.builder()
            .logitBias(java.util.Map.of(model.tokenizer().encode("a", false, false)[0], 1f))
            .build();
    int[] prompt = model.tokenizer().encode("a", false, true);
    Generation failing =
        engine.submit(new GenerationRequest(prompt, 200, as, false).withConstraint(hostile));
    Generation beside = engine.submit(request(40, 0, 1));
    int[] expected = engine.submit(request(40, 0, 1)).awaitAll();
    assertArrayEquals(expected, beside.awaitAll());
    try {
      failing.awaitAll();
    } catch (GenerationException e) {
      assertTrue(e.getCause() instanceof ConstraintException, String.valueOf(e.getCause()));
    }
    assertTrue(failing.finish() != null);
  }

  @Test
  void logprobsOfGreedyTokensAreTheBest() throws Exception {
    Generation generation = engine.submit(request(20, 0, 1).withTopLogprobs(3));
    int[] tokens = generation.awaitAll();
    assertTrue(generation.hasLogprobs());
    assertEquals(3, generation.topLogprobs());
    for (int i = 0; i < tokens.length; i++) {
      assertEquals(tokens[i], generation.topToken(i, 0));
      assertEquals(generation.logprob(i), generation.topLogprob(i, 0));
      assertTrue(generation.topLogprob(i, 0) >= generation.topLogprob(i, 1));
      assertTrue(generation.topLogprob(i, 1) >= generation.topLogprob(i, 2));
      double sum = 0;
      for (int rank = 0; rank < 3; rank++) {
        sum += Math.exp(generation.topLogprob(i, rank));
      }
      assertTrue(sum <= 1.0001, "sum " + sum);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> generation.logprob(tokens.length));
    Generation without = engine.submit(request(3, 0, 1));
    without.awaitAll();
    assertFalse(without.hasLogprobs());
    assertThrows(IllegalStateException.class, () -> without.logprob(0));
    Generation only = engine.submit(request(100, 0, 1).withTopLogprobs(0));
    int[] same = only.awaitAll();
    assertEquals(generation.logprob(5), only.logprob(5));
    assertTrue(same.length > 64, "past the first growth");
    assertTrue(only.logprob(same.length - 1) < 0);
  }
}
