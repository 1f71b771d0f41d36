package dev.thermocline.models.store;

import java.time.Duration;

/**
 * How long to wait for a server, and how often to ask it again.
 *
 * @param connect for a connection
 * @param read for an answer to begin, and then for each further piece of it
 * @param attempts in a row without progress before giving up
 * @param delay before the second attempt; doubles with each further one
 * @param longestDelay before any attempt, whatever the server asks for
 */
public record Patience(
    Duration connect, Duration read, int attempts, Duration delay, Duration longestDelay) {
  /** What suits the open internet. */
  public static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          6,
          Duration.ofMillis(500),
          Duration.ofSeconds(60));

  public Patience {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: expected at least 1, got " + attempts);
    }
  }
}
