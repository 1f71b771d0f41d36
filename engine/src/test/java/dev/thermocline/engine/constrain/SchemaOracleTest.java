package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.sample.Sampler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random schemas, random weights, temperature 1.5: every answer that ends is valid. */
class SchemaOracleTest {
  private static final int SCHEMAS = 500;
  private static final int ANSWERS = 2;
  private static final int MOST_TOKENS = 600;
  private static final SchemaRegistry ORACLE =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private int answers;
  private int completed;

  @Test
  void everyCompletedAnswerIsValid() {
    SplittableRandom random = new SplittableRandom(2026);
    PieceTokenizer tokenizer = PieceTokenizer.random(random, "ab01\"{}[]:, \\.-n\u00e9", 200);
    Constraints constraints = Constraints.of(tokenizer, tokenizer.size());
    for (int i = 0; i < SCHEMAS; i++) {
      String text = RandomSchema.of(random);
      Constraint constraint = compile(constraints, text);
      Schema schema = ORACLE.getSchema(text, InputFormat.JSON);
      for (int j = 0; j < ANSWERS; j++) {
        answer(constraint, tokenizer, random, text, schema);
      }
    }
    System.out.println(completed + " of " + answers + " answers ended within " + MOST_TOKENS);
    assertTrue(completed > 0.8 * answers, completed + " of " + answers);
  }

  private static Constraint compile(Constraints constraints, String schema) {
    try {
      return constraints.jsonSchema(schema);
    } catch (ConstraintException e) {
      throw new AssertionError(schema, e);
    }
  }

  private void answer(
      Constraint constraint,
      PieceTokenizer tokenizer,
      SplittableRandom random,
      String schemaText,
      Schema schema) {
    SamplingParams hot = SamplingParams.builder().temperature(1.5f).seed(random.nextLong()).build();
    GenerationRequest request =
        new GenerationRequest(new int[] {2}, MOST_TOKENS, hot, false).withConstraint(constraint);
    Sampler sampler = new Sampler(request, tokenizer.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] logits = new float[tokenizer.size()];
    answers++;
    for (int i = 0; i < MOST_TOKENS; i++) {
      for (int t = 0; t < logits.length; t++) {
        logits[t] = (float) (3 * random.nextGaussian());
      }
      // What ends things must have a chance among all the characters of a string.
      logits[2 + '"'] += 8;
      logits[PieceTokenizer.END] += 4;
      int token = sampler.sample(logits, 0, logits.length, new int[0], 0);
      out.writeBytes(tokenizer.piece(token, false));
      if (token == PieceTokenizer.END || sampler.isFinished()) {
        completed++;
        String answer = out.toString(StandardCharsets.UTF_8);
        List<Error> errors =
            schema.validate(
                answer,
                InputFormat.JSON,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        assertEquals(List.of(), errors, schemaText + " allowed " + answer);
        return;
      }
    }
  }
}
