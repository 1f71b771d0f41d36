package dev.thermocline.engine.schedule;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often a number of each step was how large, in buckets that double. The decode thread writes,
 * anybody reads.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
public final class StepHistogram {
  private final AtomicLongArray counts;
  private volatile long sum;

  /** With buckets up to 1, 2, 4 … {@code 2^(buckets - 2)}, and one for all that is larger. */
  StepHistogram(int buckets) {
    counts = new AtomicLongArray(buckets);
  }

  /** Notes a step. */
  void add(int value) {
    int bucket = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(value, 1) - 1);
    counts.getAndIncrement(Math.min(bucket, counts.length() - 1));
    sum += value;
  }

  /** Number of buckets. */
  public int buckets() {
    return counts.length();
  }

  /** The largest value of a bucket; infinite for the last one. */
  public double upperBound(int bucket) {
    return bucket == counts.length() - 1 ? Double.POSITIVE_INFINITY : 1L << bucket;
  }

  /** Steps in a bucket so far. */
  public long count(int bucket) {
    return counts.get(bucket);
  }

  /** Steps so far. */
  public long count() {
    long all = 0;
    for (int i = 0; i < counts.length(); i++) {
      all += counts.get(i);
    }
    return all;
  }

  /** Sum over all steps so far. */
  public long sum() {
    return sum;
  }
}
