package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 500 random schemas and tiny models of random weights, through the engine: tokens of bytes, of
 * letters, and of several characters; every answer that ends is valid.
 */
class RandomModelSchemaTest {
  private static final int SCHEMAS = 100;
  private static final int MOST_TOKENS = 700;
  private static final SchemaRegistry ORACLE =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** What ends things must have a chance among all the characters of a string. */
  private static final Map<Integer, Float> ENDS =
      Map.of(2, 6f, 3 + '"', 12f, 3 + '}', 6f, 3 + ']', 6f);

  @TempDir Path folder;

  private record Answer(String schema, Generation generation) {}

  @ParameterizedTest
  @ValueSource(longs = {101, 202, 303, 404, 505})
  void everyCompletedAnswerIsValid(long seed) throws Exception {
    TinyModel tiny = TinyModel.llama();
    tiny.seed = seed;
    tiny.contextLength = 1024;
    EngineOptions options =
        EngineOptions.defaults().withThreads(2).withDevice(DeviceMode.CPU).withSequences(8);
    SplittableRandom random = new SplittableRandom(seed);
    try (Model model = Model.open(tiny.write(folder));
        InferenceEngine engine = InferenceEngine.open(model, options)) {
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < SCHEMAS; i++) {
        String schema = RandomSchema.of(random);
        answers.add(new Answer(schema, engine.submit(request(engine, schema, random.nextLong()))));
      }
      int completed = 0;
      for (Answer answer : answers) {
        completed += check(model, answer, seed) ? 1 : 0;
      }
      System.out.println("seed " + seed + ": " + completed + " of " + SCHEMAS + " answers ended");
      assertTrue(completed > SCHEMAS * 2 / 3, "seed " + seed + ": " + completed);
    }
  }

  private static GenerationRequest request(InferenceEngine engine, String schema, long seed) {
    SamplingParams hot =
        SamplingParams.builder().temperature(1.5f).seed(seed).logitBias(ENDS).build();
    return new GenerationRequest(new int[] {1, 3 + 'x'}, MOST_TOKENS, hot, false)
        .withConstraint(engine.constraints().jsonSchema(schema));
  }

  /** Checks an answer if it is complete, and says whether it is. */
  private static boolean check(Model model, Answer answer, long seed) throws Exception {
    StringBuilder text = new StringBuilder();
    TextStream stream = new TextStream(model.tokenizer(), answer.generation(), List.of(), true);
    for (String piece = stream.next(); piece != null; piece = stream.next()) {
      text.append(piece);
    }
    if (answer.generation().finish() != FinishReason.STOP) {
      return false;
    }
    Schema oracle = ORACLE.getSchema(answer.schema(), InputFormat.JSON);
    assertEquals(
        List.of(),
        oracle.validate(
            text.toString(),
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))),
        () -> "seed " + seed + ": " + answer.schema() + " allowed " + text);
    return true;
  }
}
