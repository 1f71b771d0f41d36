package dev.thermocline.server.metrics;

import dev.thermocline.engine.BatchStatistics;
import dev.thermocline.engine.StepCounts;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Function;

/** What the engines of a pool's models computed together, as they counted it step by step. */
final class BatchMetrics implements MultiCollector {
  private final ModelPool pool;

  BatchMetrics(ModelPool pool) {
    this.pool = pool;
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.of(
        histogram("batch_size", "Texts that a step computed together.", BatchStatistics::sequences),
        histogram(
            "prompt_chunk_tokens",
            "Tokens of prompts in a step that had any.",
            BatchStatistics::promptTokens));
  }

  private HistogramSnapshot histogram(
      String name, String help, Function<BatchStatistics, StepCounts> which) {
    HistogramSnapshot.Builder histogram =
        HistogramSnapshot.builder().name("thermocline_" + name).help(help);
    for (ServedModel model : pool.loaded()) {
      histogram.dataPoint(point(model.id(), which.apply(model.engine().batchStatistics())));
    }
    return histogram.build();
  }

  private static HistogramDataPointSnapshot point(String model, StepCounts steps) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < steps.counts().size(); i++) {
      buckets.bucket(steps.upperBound(i), steps.counts().get(i));
    }
    return HistogramDataPointSnapshot.builder()
        .labels(Labels.of("model", model))
        .classicHistogramBuckets(buckets.build())
        .sum((double) steps.sum())
        .build();
  }
}
