package dev.thermocline.engine.calibrate;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.engine.run.Logits;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.calibrate.QualityMeter;
import dev.thermocline.predictor.calibrate.QualityReport;
import java.util.List;
import java.util.function.LongConsumer;

/** Holds selections against the dense model on held-out text, position by position. */
final class Judge implements AutoCloseable {
  private static final int BATCH = 64;

  private final Model model;
  private final EngineOptions options;
  private final List<int[]> chunks;
  private final EngineRunner dense;
  private final float[] denseLogits;

  Judge(Model model, CalibrationOptions calibration, List<int[]> chunks) {
    this.model = model;
    int longest = chunks.stream().mapToInt(c -> c.length).max().orElse(1);
    this.options =
        EngineOptions.defaults()
            .withThreads(calibration.threads())
            .withDevice(DeviceMode.CPU)
            .withContext(longest)
            .withBatch(BATCH);
    this.chunks = chunks;
    this.dense = EngineRunner.load(model, options.withSparse(SparseMode.OFF), Selection.NONE);
    this.denseLogits = new float[longest * model.config().nVocab()];
  }

  /** Measures one selection. */
  QualityReport judge(Selection selection, LongConsumer progress) {
    try (EngineRunner sparse = EngineRunner.load(model, options, selection)) {
      QualityMeter meter = new QualityMeter();
      LayerStatistics before = sparse.statistics();
      for (int[] chunk : chunks) {
        compare(sparse, chunk, meter);
        progress.accept(chunk.length);
      }
      LayerStatistics after = sparse.statistics();
      boolean columns = !selection.columns().isEmpty();
      return meter.report(
          selection.name(),
          columns ? sparse.columnShare() : after.since(before).activeShare(),
          sparse.bytesPerToken(before, after));
    }
  }

  private void compare(EngineRunner sparse, int[] chunk, QualityMeter meter) {
    int vocabulary = model.config().nVocab();
    Logits.compute(
        dense,
        BATCH,
        chunk,
        (position, logits, offset) ->
            System.arraycopy(logits, offset, denseLogits, position * vocabulary, vocabulary));
    Logits.compute(
        sparse,
        BATCH,
        chunk,
        (position, logits, offset) ->
            meter.add(
                denseLogits,
                position * vocabulary,
                logits,
                offset,
                vocabulary,
                position + 1 < chunk.length ? chunk[position + 1] : -1));
  }

  @Override
  public void close() {
    dense.close();
  }
}
