package dev.thermocline.server.metrics;

import dev.thermocline.engine.Generation;

/** Notes when the tokens of one text come. */
public final class RunMetrics {
  private final ServerMetrics metrics;
  private final long started;
  private long last;

  RunMetrics(ServerMetrics metrics, long started) {
    this.metrics = metrics;
    this.started = started;
  }

  /** A token has come. */
  public void token(Generation generation) {
    long now = System.nanoTime();
    if (last == 0) {
      metrics.firstToken(now - started, generation.queuedNanos());
    } else {
      metrics.laterToken(now - last);
    }
    last = now;
  }
}
