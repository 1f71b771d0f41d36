package dev.thermocline.engine.calibrate;

import dev.thermocline.engine.overlay.ModelDigest;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.calibrate.CalibrationReport;
import dev.thermocline.predictor.calibrate.QualityReport;
import dev.thermocline.predictor.overlay.LayerSelectors;
import dev.thermocline.predictor.overlay.Overlay;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Profiles a model on a text, fits selections of every kind, judges each on held-out text and
 * chooses the one that reads the fewest bytes per token within the loss that is allowed.
 */
public final class Calibrator {
  private static final double[] LOW_RANK_CETT = {0.05, 0.1};
  private static final double[] ENERGY_CETT = {0.05, 0.1, 0.2};
  private static final double[] COLUMN_SPARSITY = {0.25, 0.4, 0.5};

  private final Model model;
  private final CalibrationOptions options;
  private final Listener listener;

  /** Hears how far a calibration is. */
  @FunctionalInterface
  public interface Listener {
    void progress(String step, long done, long all);
  }

  /** What a calibration ends with. */
  public record Result(Overlay overlay, CalibrationReport report, String chosen) {}

  public Calibrator(Model model, CalibrationOptions options, Listener listener) {
    this.model = model;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Calibrates.
   *
   * @param text tokens to fit to
   * @param heldOut tokens to judge on, none of them fitted to
   */
  public Result run(int[] text, int[] heldOut) throws IOException {
    List<int[]> chunks = Chunks.of(model, text, options.tokens(), options.context());
    List<int[]> judged = Chunks.of(model, heldOut, options.heldOutTokens(), options.context());
    try (WorkerPool pool = new WorkerPool(options.threads());
        Arena arena = Arena.ofShared()) {
      Observations observations = observe(pool, arena, chunks);
      Fits fits = new Fits(observations, pool, model.config().nLayer());
      List<Selection> candidates = fit(fits);
      List<QualityReport> qualities = judge(candidates, judged);
      Selection chosen = candidates.get(choose(qualities));
      Overlay overlay =
          new Overlay(
              ModelDigest.of(model.path()),
              observations.profile(),
              layers(chosen),
              WinaStorage.parameters(chosen, observations),
              qualities);
      CalibrationReport report =
          new CalibrationReport(
              model.gguf().metadata().string("general.name", model.path().getFileName().toString()),
              observations.profile().tokens(),
              qualities,
              fits.reports());
      return new Result(overlay, report, chosen.name());
    }
  }

  private Observations observe(WorkerPool pool, Arena arena, List<int[]> chunks) {
    if (model.config().experts() != null) {
      throw new UnsupportedModelException(
          "calibrate: models with experts are not supported yet; they are sparse by their router");
    }
    if (!model.feedForwardWeights(0).separable()) {
      throw new UnsupportedModelException(
          "calibrate: a norm ties the neurons of this model together; none can be left out");
    }
    List<NeuronWeights> bundles = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayer(); layer++) {
      bundles.add(NeuronMajor.of(model.feedForwardWeights(layer), arena, pool, b -> {}));
    }
    long all = Chunks.tokens(chunks);
    Observations observations = new Observations(model, bundles, Math.toIntExact(all));
    long[] done = {0};
    new ProfilePass(model, pool, observations.neuronObservers(), observations.inputObservers())
        .run(
            chunks,
            n -> {
              done[0] += n;
              listener.progress("profiling", done[0], all);
            });
    return observations;
  }

  private List<Selection> fit(Fits fits) {
    int layers = model.config().nLayer();
    List<Selection> candidates = new ArrayList<>();
    candidates.add(Selection.NONE);
    for (int i = 0; i < LOW_RANK_CETT.length; i++) {
      int before = i * layers;
      candidates.add(
          fits.lowRank(
              LOW_RANK_CETT[i],
              done ->
                  listener.progress(
                      "training", before + done, (long) layers * LOW_RANK_CETT.length)));
    }
    for (double cett : ENERGY_CETT) {
      candidates.add(fits.energy(cett));
    }
    for (double sparsity : COLUMN_SPARSITY) {
      candidates.add(fits.wina(sparsity));
      candidates.add(fits.magnitude(sparsity));
    }
    return candidates;
  }

  private List<QualityReport> judge(List<Selection> candidates, List<int[]> chunks) {
    long all = Chunks.tokens(chunks) * candidates.size();
    long[] done = {0};
    List<QualityReport> reports = new ArrayList<>();
    try (Judge judge = new Judge(model, options, chunks)) {
      for (Selection candidate : candidates) {
        reports.add(
            judge.judge(
                candidate,
                n -> {
                  done[0] += n;
                  listener.progress("judging", done[0], all);
                }));
      }
    }
    return reports;
  }

  /** The cheapest within the allowed loss; what is exact is always allowed. */
  private int choose(List<QualityReport> qualities) {
    int best = 0;
    for (int i = 1; i < qualities.size(); i++) {
      boolean comparisonOnly = qualities.get(i).mode().startsWith("magnitude");
      boolean allowed = qualities.get(i).kl() <= options.maxKl() && !comparisonOnly;
      if (allowed && qualities.get(i).bytesPerToken() < qualities.get(best).bytesPerToken()) {
        best = i;
      }
    }
    return best;
  }

  private List<LayerSelectors> layers(Selection chosen) {
    return chosen.layers().isEmpty()
        ? Collections.nCopies(model.config().nLayer(), LayerSelectors.NONE)
        : chosen.layers();
  }
}
