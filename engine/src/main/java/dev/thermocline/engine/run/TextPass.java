package dev.thermocline.engine.run;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * One text that is computed on pages of its own, a batch at a time, so that others can be computed
 * in between; what comes of every position is delivered once and in order.
 */
public final class TextPass {
  private final int[] tokens;
  private final Output output;
  private final Logits.Sink sink;
  private final TokenBatch batch;
  private final int[] rows;
  private @Nullable ModelRunner last;
  private int from;
  private int delivered;

  /** What is delivered of some rows of a batch. */
  @FunctionalInterface
  interface Output {
    /** As {@link ModelRunner#logits}. */
    HostActivations of(ModelRunner runner, int[] rows, int from, int count);
  }

  private TextPass(int maxBatch, int[] tokens, Output output, Logits.Sink sink) {
    this.tokens = tokens.clone();
    this.output = output;
    this.sink = sink;
    int most = Math.min(maxBatch, tokens.length);
    batch = new TokenBatch(most, Logits.pages(tokens.length));
    rows = new int[most];
  }

  /**
   * A pass that gives the logits of every position.
   *
   * @param maxBatch most tokens of any step
   */
  public static TextPass logits(int maxBatch, int[] tokens, Logits.Sink sink) {
    return new TextPass(maxBatch, tokens, ModelRunner::logits, sink);
  }

  /** A pass that gives the hidden states after the final norm. */
  static TextPass normed(int maxBatch, int[] tokens, Logits.Sink sink) {
    return new TextPass(maxBatch, tokens, ModelRunner::normed, sink);
  }

  /**
   * Computes the next tokens.
   *
   * @param pages as many as {@link Logits#pages} says, the same at every step, which nothing else
   *     uses until the last one
   * @param most tokens of this step
   * @return whether these were the last ones
   */
  public boolean step(RunnerSource source, int[] pages, int most) {
    if (source.runner() != last) {
      // The first step, or a device fault has emptied the caches: no row is delivered twice.
      last = source.runner();
      from = 0;
    }
    int count = Math.min(Math.min(most, rows.length), tokens.length - from);
    fill(pages, count);
    if (!forward(source)) {
      return false;
    }
    deliver(source.runner(), count);
    from += count;
    delivered = Math.max(delivered, from);
    return from == tokens.length;
  }

  private void fill(int[] pages, int count) {
    batch.clear();
    int firstPage = batch.addPages(pages, Logits.pages(from + count));
    for (int i = 0; i < count; i++) {
      batch.add(tokens[from + i], from + i, firstPage);
      rows[i] = i;
    }
  }

  private boolean forward(RunnerSource source) {
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

  private void deliver(ModelRunner runner, int count) {
    for (int row = Math.max(0, delivered - from); row < count; row += runner.logitRows()) {
      int size = Math.min(runner.logitRows(), count - row);
      HostActivations values = output.of(runner, rows, row, size);
      for (int i = 0; i < size; i++) {
        sink.accept(from + row + i, values.values(), values.offset(i));
      }
    }
  }
}
