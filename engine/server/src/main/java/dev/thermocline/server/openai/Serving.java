package dev.thermocline.server.openai;

import dev.thermocline.server.metrics.ServerMetrics;
import dev.thermocline.server.models.ModelPool;
import java.time.Duration;

/**
 * What all routes share.
 *
 * @param pingInterval silence after which a stream gets a comment
 */
public record Serving(
    ModelPool pool, ActiveCalls calls, ServerMetrics metrics, Duration pingInterval) {}
