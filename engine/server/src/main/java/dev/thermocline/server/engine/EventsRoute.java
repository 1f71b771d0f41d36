package dev.thermocline.server.engine;

import dev.thermocline.engine.hybrid.LayerTimes;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.hybrid.PredictorCheck;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.server.http.EventStream;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.metrics.EngineReading;
import dev.thermocline.server.metrics.ServerMetrics;
import dev.thermocline.server.metrics.TokenRate;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.time.Duration;
import java.util.Base64;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /api/engine/events}: what the engine does, two events a second. */
public final class EventsRoute implements Handler {
  private static final long PERIOD_MILLIS = 500;

  private final ModelPool pool;
  private final ServerMetrics metrics;
  private final BooleanSupplier stopping;

  /**
   * Shows a pool's primary model.
   *
   * @param stopping whether streams are to end
   */
  public EventsRoute(ModelPool pool, ServerMetrics metrics, BooleanSupplier stopping) {
    this.pool = pool;
    this.metrics = metrics;
    this.stopping = stopping;
  }

  @Override
  public void handle(Exchange exchange) throws InterruptedException {
    CountDownLatch gone = new CountDownLatch(1);
    exchange.onGone(gone::countDown);
    TokenRate rate = new TokenRate(metrics::generated);
    try (ModelPool.Lease lease = pool.acquire(null);
        EventStream events = new EventStream(exchange, Duration.ofSeconds(10))) {
      ServedModel model = lease.model();
      LayerStatistics before = EngineReading.counters(model);
      BatchMeter batches = new BatchMeter(() -> model.engine().batchStatistics().sequences());
      while (before != null && !stopping.getAsBoolean()) {
        LayerStatistics after = EngineReading.counters(model);
        if (after == null) {
          return;
        }
        ObjectNode event =
            event(model, EngineReading.between(model, before, after), rate.perSecond());
        put(event, "batch_size", batches.mean());
        events.send(event);
        before = after;
        if (gone.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    }
  }

  private ObjectNode event(ServedModel model, EngineReading reading, double rate) {
    ObjectNode event = Json.object();
    event.put("epoch", PlacementRoute.epoch(model.engine().runner().placement().layers()));
    event.put("tokens_per_second", rate);
    event.put("time_to_first_token_ms", metrics.lastFirstTokenNanos() / 1e6);
    int running = Math.min(model.admission().admitted(), model.admission().running());
    event.put("running", running);
    event.put("waiting", model.admission().admitted() - running);
    event.put("kv_pages", reading.cache().pages());
    event.put("kv_used", reading.cache().used());
    event.put("kv_cached", reading.cache().cached());
    event.put("cached_tokens", reading.cache().reusedTokens());
    event.put("prompt_tokens", reading.cache().promptTokens());
    event.put("device_bytes", model.engine().runner().deviceBytes());
    putMemory(event);
    put(event, "hit_share", reading.hitShare());
    put(event, "active_share", reading.activeShare());
    put(event, "bytes_per_token", reading.bytesPerToken());
    put(event, reading.total().check());
    ArrayNode layers = event.putArray("layers");
    for (int i = 0; i < reading.layers().layers().size(); i++) {
      ObjectNode layer = layer(reading.layers().layers().get(i));
      put(layer, reading.total().layers().get(i).check());
      layers.add(layer);
    }
    ArrayNode times = event.putArray("times");
    reading.layers().times().stream()
        .filter(time -> time.tokens() > 0)
        .forEach(time -> times.add(times(time)));
    return event;
  }

  private static void putMemory(ObjectNode event) {
    if (java.lang.management.ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      event.put("memory_used_bytes", system.getTotalMemorySize() - system.getFreeMemorySize());
      event.put("memory_bytes", system.getTotalMemorySize());
    }
  }

  private static void put(ObjectNode event, String name, OptionalDouble value) {
    if (value.isPresent()) {
      event.put(name, value.getAsDouble());
    } else {
      event.putNull(name);
    }
  }

  /** Few tokens are looked at, so these are of all since the model was loaded. */
  private static void put(ObjectNode node, PredictorCheck check) {
    put(node, "recall", check.recall());
    put(node, "predicted_share", check.predictedShare());
    put(node, "true_share", check.trueShare());
  }

  private static ObjectNode times(LayerTimes time) {
    ObjectNode node = Json.object();
    node.put("cpu_ms", time.cpuMillis());
    node.put("gpu_ms", time.gpuMillis());
    node.put("wait_ms", time.waitMillis());
    return node;
  }

  private static ObjectNode layer(NeuronStatistics layer) {
    ObjectNode node = Json.object();
    node.put("tokens", layer.tokens());
    boolean computed = layer.tokens() > 0;
    put(node, "active_share", share(computed, layer.activeShare()));
    put(node, "tested_share", share(computed, layer.testedShare()));
    boolean hits = layer.hotAdded() + layer.coldAdded() > 0;
    put(node, "hit_share", share(hits, layer.hitShare()));
    node.put("activity", computed ? activity(layer) : null);
    return node;
  }

  /**
   * Square roots of the groups' shares as bytes in base64: groups differ by powers, and those that
   * are seldom active should not round to nothing.
   */
  private static String activity(NeuronStatistics layer) {
    byte[] bytes = new byte[layer.groups().size()];
    double most = (double) layer.tokens() * PlacementRoute.GROUP;
    for (int g = 0; g < bytes.length; g++) {
      double share = Math.min(1, layer.groups().get(g) / most);
      bytes[g] = (byte) Math.round(255 * Math.sqrt(share));
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static OptionalDouble share(boolean known, double value) {
    return known ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
