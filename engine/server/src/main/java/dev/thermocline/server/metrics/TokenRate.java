package dev.thermocline.server.metrics;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** A rate over the last few seconds, from looks at a counter. Safe for use by several threads. */
public final class TokenRate {
  private static final long WINDOW_NANOS = 5_000_000_000L;

  private final LongSupplier counter;
  private final ArrayDeque<long[]> looks = new ArrayDeque<>();

  public TokenRate(LongSupplier counter) {
    this.counter = counter;
    look();
  }

  private void look() {
    looks.addLast(new long[] {System.nanoTime(), counter.getAsLong()});
  }

  /** Per second since the oldest look of the last seconds, or the one before if there is none. */
  public synchronized double perSecond() {
    look();
    long[] now = looks.getLast();
    while (looks.size() > 2 && now[0] - looks.getFirst()[0] > WINDOW_NANOS) {
      looks.removeFirst();
    }
    long[] then = looks.getFirst();
    return now[0] == then[0] ? 0 : (now[1] - then[1]) * 1e9 / (now[0] - then[0]);
  }
}
