package dev.thermocline.models.store;

import java.time.Duration;

/** Counts failures in a row and waits longer after each. Not safe for several threads. */
final class Backoff {
  private final Patience patience;
  private int failures;

  Backoff(Patience patience) {
    this.patience = patience;
  }

  /** What is tried again. */
  interface Attempt<T> {
    T run() throws StoreException, TransientException, InterruptedException;
  }

  /** Tries until it succeeds, fails for good or has failed too often. */
  <T> T run(Attempt<T> attempt) throws StoreException, InterruptedException {
    while (true) {
      try {
        return attempt.run();
      } catch (TransientException e) {
        failed(e);
      }
    }
  }

  /** Waits before the next attempt, or gives up. */
  void failed(TransientException failure) throws StoreException, InterruptedException {
    failures++;
    if (failures >= patience.attempts()) {
      throw new StoreException(failure.getMessage() + " (tried " + failures + " times)", failure);
    }
    Thread.sleep(pause(failure.delay()));
  }

  /** Forgets the failures so far. */
  void progressed() {
    failures = 0;
  }

  private Duration pause(Duration asked) {
    Duration own = patience.delay().multipliedBy(1L << Math.min(failures - 1, 16));
    Duration longer = own.compareTo(asked) > 0 ? own : asked;
    return longer.compareTo(patience.longestDelay()) > 0 ? patience.longestDelay() : longer;
  }
}
