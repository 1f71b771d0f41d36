package dev.thermocline.engine.run;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.TokenBatch;
import java.util.Arrays;

/** Logits of every position of one text, for scoring. Nothing else may be running. */
public final class Logits {
  private Logits() {}

  /** Receives one row at a time. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes the logits after a token; they are overwritten afterwards.
     *
     * @param position of the token
     * @param logits holds {@code [n_vocab]} from {@code offset} on
     */
    void accept(int position, float[] logits, int offset);
  }

  /** Computes {@code tokens} from position 0 on in the first pages and returns true. */
  public static boolean compute(RunnerSource source, int maxBatch, int[] tokens, Sink sink) {
    int[] pages = new int[pages(tokens.length)];
    Arrays.setAll(pages, i -> i);
    return compute(source, maxBatch, tokens, pages, sink);
  }

  /**
   * As {@link #compute(RunnerSource, int, int[], Sink)}, in given pages.
   *
   * @param pages as many as {@link #pages} says
   */
  public static boolean compute(
      RunnerSource source, int maxBatch, int[] tokens, int[] pages, Sink sink) {
    return compute(source, maxBatch, tokens, pages, ModelRunner::logits, sink);
  }

  /** What is delivered of some rows of a batch. */
  @FunctionalInterface
  interface Output {
    /** As {@link ModelRunner#logits}. */
    HostActivations of(ModelRunner runner, int[] rows, int from, int count);
  }

  static boolean compute(
      RunnerSource source, int maxBatch, int[] tokens, int[] pages, Output output, Sink sink) {
    TokenBatch batch = new TokenBatch(maxBatch, pages.length);
    int[] rows = new int[maxBatch];
    int from = 0;
    int delivered = 0;
    while (from < tokens.length) {
      int count = Math.min(maxBatch, tokens.length - from);
      batch.clear();
      int firstPage = batch.addPages(pages, pages(from + count));
      for (int i = 0; i < count; i++) {
        batch.add(tokens[from + i], from + i, firstPage);
        rows[i] = i;
      }
      // After a device fault the caches are empty: from the start, but no row is delivered twice.
      if (!forward(source, batch)) {
        from = 0;
        continue;
      }
      deliver(source.runner(), rows, from, count, delivered, output, sink);
      from += count;
      delivered = Math.max(delivered, from);
    }
    return true;
  }

  /** Pages that so many tokens take. */
  public static int pages(int tokens) {
    return (tokens + TokenBatch.PAGE - 1) / TokenBatch.PAGE;
  }

  private static boolean forward(RunnerSource source, TokenBatch batch) {
    try {
      source.runner().forward(batch);
      return true;
    } catch (RuntimeException failure) {
      if (source.fallBack(failure)) {
        return false;
      }
      throw failure;
    }
  }

  private static void deliver(
      ModelRunner runner,
      int[] rows,
      int position,
      int count,
      int delivered,
      Output output,
      Sink sink) {
    for (int from = Math.max(0, delivered - position); from < count; from += runner.logitRows()) {
      int size = Math.min(runner.logitRows(), count - from);
      HostActivations values = output.of(runner, rows, from, size);
      for (int i = 0; i < size; i++) {
        sink.accept(position + from + i, values.values(), values.offset(i));
      }
    }
  }
}
