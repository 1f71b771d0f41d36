package dev.thermocline.engine.run;

import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SamplingParams;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Measures an engine: rounds of one prompt and one generation, medians over the rounds. */
public final class Benchmark {
  private final InferenceEngine engine;
  private final int prompt;
  private final int tokens;
  private final SplittableRandom random;
  private double[] promptRates = new double[0];
  private double[] decodeRates = new double[0];
  private LayerStatistics before;
  private LayerStatistics after;

  /**
   * Prepares rounds with random prompts, another in every round, so that none is found in the
   * cache.
   *
   * @param prompt tokens of a prompt
   * @param tokens tokens to generate, at least 2
   */
  public Benchmark(InferenceEngine engine, int prompt, int tokens) {
    if (tokens < 2 || prompt < 1) {
      throw new IllegalArgumentException(
          "bench: expected a prompt of at least 1 and at least 2 tokens to generate, got "
              + prompt
              + " and "
              + tokens);
    }
    this.engine = engine;
    this.prompt = prompt;
    this.tokens = tokens;
    this.random = new SplittableRandom(prompt);
    this.before = engine.statistics();
    this.after = before;
  }

  /** Runs once; a round that does not count warms up. */
  public void round(boolean counts) throws InterruptedException {
    Generation generation = engine.submit(request());
    generation.await(0);
    LayerStatistics start = engine.statistics();
    int count = generation.awaitAll().length;
    if (counts) {
      double first = generation.firstTokenNanos() / 1e9;
      double rest = generation.elapsedNanos() / 1e9 - first;
      promptRates = append(promptRates, prompt / first);
      decodeRates = append(decodeRates, (count - 1) / rest);
      before = start;
      after = engine.statistics();
    }
  }

  private GenerationRequest request() {
    int[] ids = random.ints(prompt, 0, engine.model().config().nVocab()).toArray();
    return new GenerationRequest(ids, tokens, SamplingParams.greedy(), true);
  }

  private static double[] append(double[] values, double value) {
    double[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return longer;
  }

  /** Median prompt tokens per second. */
  public double promptRate() {
    return median(promptRates);
  }

  /** Median generated tokens per second. */
  public double decodeRate() {
    return median(decodeRates);
  }

  /** Largest less smallest rate, as a share of the median. */
  public double decodeSpread() {
    double[] sorted = decodeRates.clone();
    Arrays.sort(sorted);
    return (sorted[sorted.length - 1] - sorted[0]) / median(decodeRates);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Weight bytes read for a generated token, in the last round. */
  public double bytesPerToken() {
    return engine.runner().bytesPerToken(before, after);
  }

  /**
   * Share of neurons that were added to an output, in the last round; 1 where nothing is skipped.
   */
  public double activeShare() {
    return after.since(before).activeShare();
  }
}
