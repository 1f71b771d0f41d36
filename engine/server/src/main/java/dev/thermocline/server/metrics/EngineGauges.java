package dev.thermocline.server.metrics;

import dev.thermocline.engine.CacheStatistics;
import dev.thermocline.server.models.Admission;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** What the engines are asked when somebody reads the metrics. */
public final class EngineGauges {
  private final PrometheusRegistry registry;
  private final ModelPool pool;

  private EngineGauges(ServerMetrics metrics, ModelPool pool) {
    this.registry = metrics.registry();
    this.pool = pool;
  }

  /** Adds the values of a pool's models. */
  public static void register(ServerMetrics metrics, ModelPool pool) {
    EngineGauges gauges = new EngineGauges(metrics, pool);
    gauges.registerRate(metrics);
    gauges.registerTexts();
    gauges.registerCache();
    gauges.registerMemory();
    gauges.registry.register(new LayerMetrics(pool));
    gauges.registry.register(new BatchMetrics(pool));
  }

  private void registerRate(ServerMetrics metrics) {
    TokenRate rate = new TokenRate(metrics::generated);
    GaugeWithCallback.builder()
        .name("thermocline_tokens_per_second")
        .help("Tokens generated, over the last seconds.")
        .callback(gauge -> gauge.call(rate.perSecond()))
        .register(registry);
  }

  private void registerTexts() {
    gauge(
        "thermocline_texts",
        "Texts that run or wait.",
        (model, out) -> {
          Admission admission = model.admission();
          int running = Math.min(admission.admitted(), admission.running());
          out.accept(running, "running");
          out.accept(admission.admitted() - running, "waiting");
        },
        "state");
  }

  private void registerCache() {
    gauge(
        "thermocline_kv_pages",
        "Pages of the key-value caches.",
        (model, out) -> {
          CacheStatistics cache = model.engine().cacheStatistics();
          out.accept(cache.used(), "used");
          out.accept(cache.cached(), "cached");
          out.accept(cache.free(), "free");
        },
        "state");
    counter("prefix_hits", "Requests that reused pages of others.", CacheStatistics::hits);
    counter("prefix_reused_tokens", "Prompt tokens found in pages.", CacheStatistics::reusedTokens);
    counter("preemptions", "Texts that gave way and were computed again.", c -> c.preemptions());
  }

  private void counter(String name, String help, ToDoubleFunction<CacheStatistics> value) {
    CounterWithCallback.builder()
        .name("thermocline_" + name + "_total")
        .help(help)
        .labelNames("model")
        .callback(counter ->
            pool.loaded()
                .forEach(model ->
                    counter.call(
                        value.applyAsDouble(model.engine().cacheStatistics()), model.id())))
        .register(registry);
  }

  private void registerMemory() {
    gauge(
        "thermocline_device_bytes",
        "Device memory held.",
        (model, out) -> out.accept(model.engine().runner().deviceBytes(), "0"),
        "device");
    gauge(
        "thermocline_model_bytes",
        "Size of a loaded model's files.",
        (model, out) -> out.accept(model.entry().bytes(), "file"),
        "kind");
  }

  /** Gives values of a model, each with the value of its own label. */
  @FunctionalInterface
  private interface Values {
    void give(ServedModel model, BiConsumer<Number, String> out);
  }

  private void gauge(String name, String help, Values values, String label) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("model", label)
        .callback(gauge -> {
          for (ServedModel model : pool.loaded()) {
            values.give(
                model, (value, state) -> gauge.call(value.doubleValue(), model.id(), state));
          }
        })
        .register(registry);
  }
}
