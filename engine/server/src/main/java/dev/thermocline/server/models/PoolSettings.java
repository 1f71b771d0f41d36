package dev.thermocline.server.models;

import dev.thermocline.engine.EngineOptions;
import java.time.Duration;

/**
 * How models are kept.
 *
 * @param engine options of every model's engine
 * @param queue most texts that wait at a model beside those that run
 * @param memoryBytes most bytes of models that are loaded at a time, by the size of their files
 * @param keepAlive how long a model that nobody uses stays; the one a server was started with
 *     always does
 */
public record PoolSettings(EngineOptions engine, int queue, long memoryBytes, Duration keepAlive) {
  public PoolSettings {
    if (queue < 0) {
      throw new IllegalArgumentException("queue: expected at least 0, got " + queue);
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("model memory: expected at least 0, got " + memoryBytes);
    }
    if (keepAlive.isNegative()) {
      throw new IllegalArgumentException("keep-alive: expected at least 0, got " + keepAlive);
    }
  }
}
