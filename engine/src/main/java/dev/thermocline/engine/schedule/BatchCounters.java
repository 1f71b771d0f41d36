package dev.thermocline.engine.schedule;

/**
 * What was computed together, step by step. The decode thread writes, anybody reads.
 *
 * @param sequences that a step computed something of
 * @param promptTokens that a step computed of prompts, in steps that computed any; of sequences
 *     that start again, their tokens count like a prompt
 */
public record BatchCounters(StepHistogram sequences, StepHistogram promptTokens) {
  private static final int SEQUENCES = 9;
  private static final int TOKENS = 13;

  static BatchCounters start() {
    return new BatchCounters(new StepHistogram(SEQUENCES), new StepHistogram(TOKENS));
  }
}
