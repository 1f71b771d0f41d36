package dev.thermocline.engine.api;

import dev.thermocline.engine.GenerationException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * A listener that is being called until this is closed.
 *
 * @since 0.1
 */
public final class ActivityWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ActivityWatch.class.getName());

  private final ActivityMeter meter;
  private final ActivityListener listener;
  private final Duration interval;
  private final Thread thread;
  private volatile boolean closed;

  ActivityWatch(ActivityMeter meter, ActivityListener listener, Duration interval) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("interval: expected a positive one, got " + interval);
    }
    this.meter = meter;
    this.listener = listener;
    this.interval = interval;
    this.thread = Thread.ofVirtual().name("thermocline-activity").unstarted(this::run);
  }

  ActivityWatch start() {
    thread.start();
    return this;
  }

  boolean isClosed() {
    return closed;
  }

  private void run() {
    try {
      ActivityMeter.Reading before = meter.read();
      while (!closed) {
        Thread.sleep(interval);
        ActivityMeter.Reading now = meter.read();
        if (now.differsFrom(before)) {
          tell(meter.between(before, now));
        }
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException | GenerationException e) {
      LOG.log(Level.DEBUG, "activity: the engine has ended", e);
    }
  }

  private void tell(Activity added) {
    try {
      listener.onActivity(added);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "activity listener", e);
    }
  }

  /** Ends the calls; one may still be under way. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
