package dev.thermocline.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts, for Prometheus and the page. Safe for use by several threads. */
public final class ServerMetrics {
  /** The content type of {@link #text}. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double NANOS = 1e-9;
  private static final double[] LONG_TIMES = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120
  };
  private static final double[] SHORT_TIMES = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests;
  private final Histogram requestSeconds;
  private final Histogram firstToken;
  private final Histogram interToken;
  private final Histogram queue;
  private final Counter promptTokens;
  private final Counter cachedTokens;
  private final Counter generatedTokens;
  private final LongAdder generated = new LongAdder();
  private volatile long lastFirstTokenNanos;

  public ServerMetrics() {
    requests =
        Counter.builder()
            .name("thermocline_requests_total")
            .help("Requests answered, by route and status.")
            .labelNames("route", "status")
            .register(registry);
    requestSeconds = times("request_seconds", "Time to answer a request.", LONG_TIMES, "route");
    firstToken =
        times("time_to_first_token_seconds", "From a request to its first token.", LONG_TIMES);
    interToken = times("inter_token_seconds", "Between tokens of a text.", SHORT_TIMES);
    queue = times("queue_seconds", "Waiting for room in the batch.", LONG_TIMES);
    promptTokens = counter("prompt_tokens_total", "Tokens of prompts.");
    cachedTokens =
        counter("cached_prompt_tokens_total", "Tokens of prompts that were not computed again.");
    generatedTokens = counter("generated_tokens_total", "Tokens generated.");
  }

  private Histogram times(String name, String help, double[] buckets, String... labels) {
    return Histogram.builder()
        .name("thermocline_" + name)
        .help(help)
        .classicOnly()
        .classicUpperBounds(buckets)
        .labelNames(labels)
        .register(registry);
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name("thermocline_" + name).help(help).register(registry);
  }

  /** Where further values are registered. */
  PrometheusRegistry registry() {
    return registry;
  }

  /** A request was answered. */
  public void answered(String route, int status, long nanos) {
    requests.labelValues(route, Integer.toString(status)).inc();
    requestSeconds.labelValues(route).observe(nanos * NANOS);
  }

  /** A text begins. */
  public RunMetrics run() {
    return new RunMetrics(this, System.nanoTime());
  }

  /** Prompts were taken in. */
  public void prompt(int tokens, int cached) {
    promptTokens.inc(tokens);
    cachedTokens.inc(cached);
  }

  void firstToken(long nanos, long queuedNanos) {
    lastFirstTokenNanos = nanos;
    firstToken.observe(nanos * NANOS);
    queue.observe(queuedNanos * NANOS);
    countToken();
  }

  void laterToken(long nanos) {
    interToken.observe(nanos * NANOS);
    countToken();
  }

  private void countToken() {
    generatedTokens.inc();
    generated.increment();
  }

  /** Tokens generated since the start. */
  public long generated() {
    return generated.sum();
  }

  /** Time to the first token of the text that began last, 0 before there was one. */
  public long lastFirstTokenNanos() {
    return lastFirstTokenNanos;
  }

  /** All of it in Prometheus' text format. */
  public byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
