package dev.thermocline.kernels.parallel;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A counter that shares its cache line with nothing else: threads that spin on one counter do not
 * slow down those that write another.
 */
public final class LoneCounter {
  /** Integers of two cache lines, since processors fetch them in pairs. */
  private static final int GAP = 32;

  private final AtomicIntegerArray padded = new AtomicIntegerArray(2 * GAP + 1);

  public LoneCounter() {}

  public int get() {
    return padded.get(GAP);
  }

  public void set(int value) {
    padded.set(GAP, value);
  }

  /** Adds and returns the value before. */
  public int add(int value) {
    return padded.getAndAdd(GAP, value);
  }
}
