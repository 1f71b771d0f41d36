package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.Model;

/** What a model computes in one way, and how far other ways are from it. */
final class Comparison {
  private final Model model;
  private final double tolerance;
  private final int[] prompt;
  private final int[] ids;
  private final float[] logits;
  private double largest;

  /**
   * Computes what the others are held against.
   *
   * @param tokens of a greedy continuation
   * @param tolerance of logits, as a share of the largest
   */
  Comparison(Model model, EngineOptions options, int tokens, double tolerance)
      throws InterruptedException {
    this.model = model;
    this.tolerance = tolerance;
    this.prompt = Runs.prompt(model, 5);
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      this.ids = Runs.greedy(engine, prompt, tokens);
      this.logits = Runs.logits(engine, Runs.join(prompt, ids));
    }
  }

  /** Computes in another way and compares. */
  void run(EngineOptions options, String what) throws InterruptedException {
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      assertArrayEquals(ids, Runs.greedy(engine, prompt, ids.length), what);
      double difference = Runs.difference(logits, Runs.logits(engine, Runs.join(prompt, ids)));
      largest = Math.max(largest, difference);
      assertTrue(difference < tolerance, what + ": " + difference);
    }
  }

  /** Shows the largest difference. */
  void print(String what) {
    System.out.printf("largest difference of logits, %s: %.1e of the largest%n", what, largest);
  }
}
