package dev.thermocline.engine.schedule;

import dev.thermocline.engine.BatchStatistics;

/** What is computed together. The decode thread writes, anybody reads. */
public final class BatchCounters {
  /** Up to 128 sequences, and more. */
  private static final int SEQUENCE_BUCKETS = 9;

  /** Up to 2,048 tokens, and more. */
  private static final int TOKEN_BUCKETS = 13;

  private final StepHistogram sequences = new StepHistogram(SEQUENCE_BUCKETS);
  private final StepHistogram promptTokens = new StepHistogram(TOKEN_BUCKETS);

  /** What is known now. */
  public BatchStatistics read() {
    return new BatchStatistics(sequences.read(), promptTokens.read());
  }

  /** Notes a step. */
  void add(int sequenceCount, int tokensOfPrompts) {
    sequences.add(sequenceCount);
    if (tokensOfPrompts > 0) {
      promptTokens.add(tokensOfPrompts);
    }
  }
}
