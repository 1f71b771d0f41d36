package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.TokenBatch;

/**
 * Pages of the key-value caches, of {@link TokenBatch#PAGE} positions each.
 *
 * @param total pages of every layer's cache, enough for one sequence
 * @param sequences most sequences at a time
 * @param perSequence most pages of a sequence
 */
public record PageBudget(int total, int sequences, int perSequence) {
  public PageBudget {
    if (perSequence < 1 || sequences < 1 || total < perSequence) {
      throw new IllegalArgumentException(
          "key-value cache: expected room for a sequence of "
              + perSequence
              + " pages, got "
              + total
              + " pages for "
              + sequences
              + " sequences");
    }
  }

  /** What options ask for, where a sequence has at most {@code context} tokens. */
  public static PageBudget of(EngineOptions options, int context) {
    int perSequence = pages(context);
    long all = (long) options.sequences() * perSequence;
    long wanted = pages(options.cache().tokens());
    long total = wanted == 0 ? all : Math.clamp(wanted, perSequence, all);
    return new PageBudget(Math.toIntExact(total), options.sequences(), perSequence);
  }

  private static int pages(long tokens) {
    return Math.toIntExact((tokens + TokenBatch.PAGE - 1) / TokenBatch.PAGE);
  }

  /** Most tokens of a sequence, rounded up to pages. */
  public int context() {
    return perSequence * TokenBatch.PAGE;
  }

  /**
   * Most pages in the tables of a batch, where those that are shared count for each sequence; a
   * shift has an old and a new table.
   */
  public int tablePages() {
    return Math.multiplyExact(Math.max(2, sequences), perSequence);
  }
}
