package dev.thermocline.engine.run;

import dev.thermocline.kernels.TokenBatch;
import java.util.Arrays;

/** Logits of every position of one text, for scoring. */
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

  /** Computes {@code tokens} from position 0 on in the first pages. */
  public static void compute(RunnerSource source, int maxBatch, int[] tokens, Sink sink) {
    int[] pages = new int[pages(tokens.length)];
    Arrays.setAll(pages, i -> i);
    TextPass pass = TextPass.logits(maxBatch, tokens, sink);
    while (!pass.step(source, pages, maxBatch)) {
      // One batch after the other.
    }
  }

  /** Pages that so many tokens take. */
  public static int pages(int tokens) {
    return (tokens + TokenBatch.PAGE - 1) / TokenBatch.PAGE;
  }
}
