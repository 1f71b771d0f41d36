package dev.thermocline.engine.text;

import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.models.UnsupportedModelException;

/**
 * Perplexity of a text: it is cut into chunks of a context, each chunk's first token is replaced by
 * BOS, and the predictions in the second half of each chunk are scored, as llama.cpp's tool does.
 *
 * @param perplexity e to the mean negative log-likelihood
 * @param standardError of the perplexity
 * @param chunks number of chunks
 * @param context tokens of a chunk
 * @param scored number of predictions
 */
public record Perplexity(
    double perplexity, double standardError, int chunks, int context, long scored) {

  /** Hears about finished chunks. */
  @FunctionalInterface
  public interface Listener {
    void chunks(long done, long all);
  }

  /**
   * Scores {@code tokens}.
   *
   * @throws IllegalArgumentException if the text is shorter than one chunk
   */
  public static Perplexity measure(
      InferenceEngine engine, int[] tokens, int context, Listener listener) {
    int chunks = tokens.length / context;
    if (chunks == 0 || context < 4) {
      throw new IllegalArgumentException(
          "perplexity: expected a text of at least one context of "
              + context
              + " tokens, got "
              + tokens.length);
    }
    Score score = new Score();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int[] part = java.util.Arrays.copyOfRange(tokens, chunk * context, (chunk + 1) * context);
      part[0] = bos(engine, part[0]);
      engine.logits(
          part,
          (position, logits, offset) -> {
            if (position >= context / 2 && position < context - 1) {
              score.add(
                  -LogSoftmax.logProbability(
                      logits, offset, engine.model().config().nVocab(), part[position + 1]));
            }
          });
      listener.chunks(chunk + 1, chunks);
    }
    double perplexity = Math.exp(score.mean());
    return new Perplexity(
        perplexity, perplexity * score.standardError(), chunks, context, score.count);
  }

  private static int bos(InferenceEngine engine, int otherwise) {
    try {
      int bos = engine.model().tokenizer().bos();
      return bos >= 0 && engine.model().tokenizer().addsBos() ? bos : otherwise;
    } catch (UnsupportedModelException e) {
      return otherwise;
    }
  }

  private static final class Score {
    private double sum;
    private double squares;
    private long count;

    void add(double nll) {
      sum += nll;
      squares += nll * nll;
      count++;
    }

    double mean() {
      return sum / count;
    }

    double standardError() {
      double variance = Math.max(0, squares / count - mean() * mean());
      return count > 1 ? Math.sqrt(variance / (count - 1)) : 0;
    }
  }
}
