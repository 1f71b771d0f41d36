package dev.thermocline.engine;

import dev.thermocline.models.Model;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Short runs of a model, for comparing ways of computing it. */
final class Runs {
  private Runs() {}

  /** A random prompt. */
  static int[] prompt(Model model, int length) {
    return new SplittableRandom(length).ints(length, 3, model.config().nVocab()).toArray();
  }

  static EngineOptions cpu(int threads) {
    return EngineOptions.defaults()
        .withThreads(threads)
        .withDevice(DeviceMode.CPU)
        .withContext(96)
        .withBatch(16);
  }

  /** Greedy continuation. */
  static int[] greedy(Model model, EngineOptions options, int[] prompt, int tokens)
      throws InterruptedException {
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      return greedy(engine, prompt, tokens);
    }
  }

  static int[] greedy(InferenceEngine engine, int[] prompt, int tokens)
      throws InterruptedException {
    return engine
        .submit(new GenerationRequest(prompt, tokens, SamplingParams.greedy(), true))
        .awaitAll();
  }

  /** Logits of every position. */
  static float[] logits(Model model, EngineOptions options, int[] tokens) {
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      return logits(engine, tokens);
    }
  }

  static float[] logits(InferenceEngine engine, int[] tokens) {
    int vocabulary = engine.model().config().nVocab();
    float[] all = new float[tokens.length * vocabulary];
    engine.logits(
        tokens,
        (position, logits, offset) ->
            System.arraycopy(logits, offset, all, position * vocabulary, vocabulary));
    return all;
  }

  /** Largest difference as a share of the reference's largest value. */
  static double difference(float[] expected, float[] actual) {
    double largest = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) expected[i] - actual[i]));
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    return expected.length == actual.length && !Double.isNaN(sum(actual))
        ? largest / scale
        : Double.POSITIVE_INFINITY;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  static int[] join(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
