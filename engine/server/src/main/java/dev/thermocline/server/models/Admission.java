package dev.thermocline.server.models;

import dev.thermocline.server.http.ApiException;
import java.util.concurrent.atomic.AtomicInteger;

/** How many texts may be under way at a model: those that run and a bounded number that wait. */
public final class Admission {
  private static final int RETRY_SECONDS = 1;

  private final int running;
  private final int waiting;
  private final AtomicInteger admitted = new AtomicInteger();

  Admission(int running, int waiting) {
    this.running = running;
    this.waiting = waiting;
  }

  /** A place, or several; closing gives them back. */
  public final class Ticket implements AutoCloseable {
    private final int count;

    private Ticket(int count) {
      this.count = count;
    }

    @Override
    public void close() {
      admitted.addAndGet(-count);
    }
  }

  /**
   * Takes places for {@code count} texts.
   *
   * @throws ApiException if there are not that many
   */
  public Ticket admit(int count) {
    int most = running + waiting;
    int before = admitted.getAndUpdate(now -> now + count <= most ? now + count : now);
    if (before + count > most) {
      throw ApiException.overloaded(
          RETRY_SECONDS,
          "the queue is full: "
              + before
              + " texts run or wait, at most "
              + most
              + " may; try again later");
    }
    return new Ticket(count);
  }

  /** Texts that run or wait. */
  public int admitted() {
    return admitted.get();
  }

  /** Texts that can run at a time. */
  public int running() {
    return running;
  }
}
