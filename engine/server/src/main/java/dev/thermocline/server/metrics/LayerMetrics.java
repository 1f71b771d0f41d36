package dev.thermocline.server.metrics;

import dev.thermocline.engine.hybrid.LayerTimes;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What the layers of a pool's models did since they were loaded. All of it comes from one reading
 * of each engine: a reading waits for the step under way.
 */
final class LayerMetrics implements MultiCollector {
  private static final double NANOS = 1e-9;

  private final ModelPool pool;

  LayerMetrics(ModelPool pool) {
    this.pool = pool;
  }

  private record Reading(ServedModel model, LayerStatistics counters) {
    Labels labels(String... more) {
      return Labels.of("model", model.id()).merge(Labels.of(more));
    }
  }

  @Override
  public MetricSnapshots collect() {
    List<Reading> readings = read();
    return MetricSnapshots.of(
        shares(
            readings,
            "layer_active_share",
            "Share of a layer's neurons that were active",
            l -> l.tokens() > 0 ? OptionalDouble.of(l.activeShare()) : OptionalDouble.empty()),
        shares(
            readings,
            "predictor_recall",
            "Share of the active neurons that a layer's predictor named, on a sample of tokens",
            l -> l.check().recall()),
        shares(
            readings,
            "predictor_predicted_share",
            "Share of a layer's neurons that its predictor named, on the same tokens",
            l -> l.check().predictedShare()),
        shares(
            readings,
            "predictor_true_share",
            "Share of a layer's neurons that were active in truth, on the same tokens",
            l -> l.check().trueShare()),
        hitShare(readings),
        bytesPerToken(readings),
        seconds(readings),
        timedTokens(readings));
  }

  private List<Reading> read() {
    List<Reading> readings = new ArrayList<>();
    for (ServedModel model : pool.loaded()) {
      LayerStatistics counters = EngineReading.counters(model);
      if (counters != null) {
        readings.add(new Reading(model, counters));
      }
    }
    return readings;
  }

  private static GaugeSnapshot shares(
      List<Reading> readings,
      String name,
      String help,
      Function<NeuronStatistics, OptionalDouble> value) {
    GaugeSnapshot.Builder gauge = gauge(name, help);
    for (Reading reading : readings) {
      List<NeuronStatistics> layers = reading.counters().layers();
      for (int i = 0; i < layers.size(); i++) {
        Labels labels = reading.labels("layer", Integer.toString(i));
        value.apply(layers.get(i)).ifPresent(share -> gauge.dataPoint(point(labels, share)));
      }
    }
    return gauge.build();
  }

  private static GaugeSnapshot hitShare(List<Reading> readings) {
    GaugeSnapshot.Builder gauge =
        gauge("hot_hit_share", "Share of active neurons that were on the GPU");
    for (Reading reading : readings) {
      gauge.dataPoint(point(reading.labels("layers", "all"), reading.counters().hitShare()));
    }
    return gauge.build();
  }

  private static GaugeSnapshot bytesPerToken(List<Reading> readings) {
    GaugeSnapshot.Builder gauge = gauge("bytes_per_token", "Weight bytes read per token");
    for (Reading reading : readings) {
      if (reading.counters().layers().stream().anyMatch(l -> l.tokens() > 0)) {
        double bytes =
            reading
                .model()
                .engine()
                .runner()
                .bytesPerToken(LayerStatistics.NONE, reading.counters());
        gauge.dataPoint(point(reading.labels("layers", "all"), bytes));
      }
    }
    return gauge.build();
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder()
        .name("thermocline_" + name)
        .help(help + ", since the model was loaded.");
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterSnapshot seconds(List<Reading> readings) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("thermocline_layer_seconds")
            .help(
                "Time of a layer in timed steps: the CPU's, the GPU's beside it, waiting for it.");
    for (Reading reading : readings) {
      List<LayerTimes> times = reading.counters().times();
      for (int i = 0; i < times.size(); i++) {
        Labels labels = reading.labels("layer", Integer.toString(i));
        counter.dataPoint(count(labels.add("part", "cpu"), times.get(i).cpuNanos() * NANOS));
        counter.dataPoint(count(labels.add("part", "gpu"), times.get(i).gpuNanos() * NANOS));
        counter.dataPoint(count(labels.add("part", "wait"), times.get(i).waitNanos() * NANOS));
      }
    }
    return counter.build();
  }

  private static CounterSnapshot timedTokens(List<Reading> readings) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("thermocline_layer_timed_tokens")
            .help("Tokens of the steps that were timed.");
    for (Reading reading : readings) {
      List<LayerTimes> times = reading.counters().times();
      counter.dataPoint(
          count(reading.labels(), times.isEmpty() ? 0.0 : (double) times.getFirst().tokens()));
    }
    return counter.build();
  }

  private static CounterSnapshot.CounterDataPointSnapshot count(Labels labels, double value) {
    return CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
