package dev.thermocline.bench;

import dev.thermocline.kernels.parallel.WorkerPool;

/** The parameter {@code threads}: a number, or {@code all} for one per processor. */
public final class Threads {
  private Threads() {}

  /**
   * The number of workers.
   *
   * @throws NumberFormatException if it is neither a number nor {@code all}
   */
  public static int count(String threads) {
    return threads.equals("all") ? WorkerPool.defaultThreads() : Integer.parseInt(threads);
  }
}
