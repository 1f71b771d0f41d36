package dev.thermocline.engine.run;

import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures an engine: rounds in which one text or several at a time are begun and continued,
 * medians over the rounds.
 */
public final class Benchmark {
  private final InferenceEngine engine;
  private final int streams;
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
   * @param streams texts at a time
   * @param prompt tokens of a prompt
   * @param tokens tokens to generate, at least 2
   */
  public Benchmark(InferenceEngine engine, int streams, int prompt, int tokens) {
    if (tokens < 2 || prompt < 1 || streams < 1) {
      throw new IllegalArgumentException(
          "bench: expected at least 1 stream, a prompt of at least 1 and at least 2 tokens to"
              + " generate, got %d, %d and %d".formatted(streams, prompt, tokens));
    }
    this.engine = engine;
    this.streams = streams;
    this.prompt = prompt;
    this.tokens = tokens;
    this.random = new SplittableRandom(prompt);
    this.before = engine.statistics();
    this.after = before;
  }

  /**
   * Runs once; a round that does not count warms up. Decoding is timed from when the last text has
   * its first token to the end of the first text, while all of them run.
   */
  public void round(boolean counts) throws InterruptedException {
    long submitted = System.nanoTime();
    List<Generation> texts = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      texts.add(engine.submit(request()));
    }
    for (Generation text : texts) {
      text.await(0);
    }
    LayerStatistics start = engine.statistics();
    int generated = generated(texts);
    long begun = System.nanoTime();
    texts.getFirst().awaitAll();
    generated = generated(texts) - generated;
    long ended = System.nanoTime();
    for (Generation text : texts) {
      text.awaitAll();
    }
    if (counts) {
      promptRates = append(promptRates, 1e9 * streams * prompt / (begun - submitted));
      decodeRates = append(decodeRates, 1e9 * generated / (ended - begun));
      before = start;
      after = engine.statistics();
    }
  }

  private static int generated(List<Generation> texts) {
    return texts.stream().mapToInt(Generation::count).sum();
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

  /** Texts at a time. */
  public int streams() {
    return streams;
  }

  /** Median prompt tokens per second. */
  public double promptRate() {
    return median(promptRates);
  }

  /** Median generated tokens per second, of all texts together. */
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

  /**
   * Weight bytes that a generated token needs, in the last round; texts that are computed together
   * share what they read.
   */
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
