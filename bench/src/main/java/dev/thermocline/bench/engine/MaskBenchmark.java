package dev.thermocline.bench.engine;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.Constraints;
import dev.thermocline.engine.constrain.TokenConstraint;
import java.util.SplittableRandom;
import org.agrona.collections.IntArrayList;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What holding an answer to a JSON Schema costs for each of its tokens, on a vocabulary of 100,000:
 * the mask and the step past the token. Operations are tokens.
 */
public class MaskBenchmark extends BenchmarkDefaults {
  private static final int VOCABULARY = 100_000;
  private static final int TOKENS = 64;

  @Param({"person", "long-string", "any"})
  public String schema = "";

  private Constraints constraints;
  private Constraint known;
  private int[] answer;
  private int round;
  private final long[] mask = new long[(VOCABULARY + 63) / 64];

  private static String text(String schema) {
    return switch (schema) {
      case "person" ->
          "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":"
              + "\"integer\",\"minimum\":0,\"maximum\":150},\"tags\":{\"type\":\"array\",\"items\":"
              + "{\"enum\":[\"red\",\"green\",\"blue\"]},\"maxItems\":5},\"address\":{\"type\":"
              + "\"object\",\"properties\":{\"street\":{\"type\":\"string\",\"maxLength\":200},"
              + "\"zip\":{\"type\":\"string\",\"pattern\":\"^[0-9]{5}$\"}},\"required\":[\"street\"]}},"
              + "\"required\":[\"name\",\"age\",\"tags\",\"address\"],\"additionalProperties\":false}";
      case "long-string" -> "{\"type\":\"string\",\"minLength\":5000,\"maxLength\":10000}";
      case "any" -> "{\"type\":\"object\"}";
      default -> throw new IllegalArgumentException("schema: " + schema);
    };
  }

  /** Writes an answer that the schema allows, choosing at random. */
  @Setup
  public void setUp() {
    constraints = Constraints.of(new SyntheticVocabulary(VOCABULARY), VOCABULARY);
    known = constraints.jsonSchema(text(schema));
    SplittableRandom random = new SplittableRandom(3);
    IntArrayList tokens = new IntArrayList();
    TokenConstraint cursor = known.start();
    while (tokens.size() < TOKENS) {
      cursor.fill(mask);
      int token = random.nextInt(1, VOCABULARY);
      while ((mask[token / 64] >>> token & 1) == 0) {
        token = token + 1 == VOCABULARY ? 1 : token + 1;
      }
      cursor.advance(token);
      tokens.addInt(token);
      if (cursor.isFinished()) {
        cursor = known.start();
      }
    }
    answer = tokens.toIntArray();
  }

  private long follow(Constraint constraint) {
    TokenConstraint cursor = constraint.start();
    long sum = 0;
    for (int token : answer) {
      cursor.fill(mask);
      sum += mask[token / 64];
      cursor.advance(token);
      if (cursor.isFinished()) {
        cursor = constraint.start();
      }
    }
    return sum;
  }

  /** Another request with the same schema. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public long known() {
    return follow(known);
  }

  /**
   * The first request with a schema: compiled, and nothing found out yet. White space after the
   * schema makes it another one until all have been forgotten.
   */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public long first() {
    return follow(constraints.jsonSchema(text(schema) + " ".repeat(++round % 64)));
  }
}
