package dev.thermocline.engine;

import java.util.List;

/**
 * How large a number was in how many steps, in buckets that double.
 *
 * @param counts steps whose number was at most 1, 2, 4 … and more than the bucket before; the last
 *     bucket takes all that is larger
 * @param sum of the number over all steps
 */
public record StepCounts(List<Long> counts, long sum) {
  public StepCounts {
    counts = List.copyOf(counts);
  }

  /** The largest number of a bucket; infinite for the last one. */
  public double upperBound(int bucket) {
    return bucket == counts.size() - 1 ? Double.POSITIVE_INFINITY : 1L << bucket;
  }

  /** All steps. */
  public long steps() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
