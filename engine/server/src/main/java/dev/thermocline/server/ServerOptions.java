package dev.thermocline.server;

import dev.thermocline.server.http.HttpSettings;
import dev.thermocline.server.models.PoolSettings;
import java.time.Duration;

/**
 * How a server is set up.
 *
 * @param grace how long answers under way may take when the server is told to stop
 */
public record ServerOptions(HttpSettings http, PoolSettings models, Duration grace) {
  public ServerOptions {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace: expected at least 0, got " + grace);
    }
  }
}
