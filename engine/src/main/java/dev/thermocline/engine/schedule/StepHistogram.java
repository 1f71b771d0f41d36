package dev.thermocline.engine.schedule;

import dev.thermocline.engine.StepCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts steps by how large a number is. The decode thread writes, anybody reads. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class StepHistogram {
  private final AtomicLongArray counts;
  private volatile long sum;

  /** With buckets as {@link StepCounts} has them. */
  StepHistogram(int buckets) {
    counts = new AtomicLongArray(buckets);
  }

  /** Notes a step. */
  void add(int value) {
    int bucket = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(value, 1) - 1);
    counts.getAndIncrement(Math.min(bucket, counts.length() - 1));
    sum += value;
  }

  /** What is known now; the sum may be a step apart. */
  StepCounts read() {
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < counts.length(); i++) {
      read.add(counts.get(i));
    }
    return new StepCounts(read, sum);
  }
}
