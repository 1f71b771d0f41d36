package dev.thermocline.engine.calibrate;

import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.ColumnSelector;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.WinaColumns;
import dev.thermocline.predictor.calibrate.Cett;
import dev.thermocline.predictor.calibrate.EnergyFit;
import dev.thermocline.predictor.calibrate.LayerReport;
import dev.thermocline.predictor.overlay.LayerSelectors;
import dev.thermocline.predictor.profile.WinaObserver;
import dev.thermocline.predictor.training.BlockCost;
import dev.thermocline.predictor.training.LowRankTraining;
import dev.thermocline.predictor.training.TrainedPredictor;
import dev.thermocline.predictor.training.TrainingOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/** Fits selections of every kind to what was observed. */
final class Fits {
  private final Observations observations;
  private final WorkerPool pool;
  private final int layers;
  private final List<LayerReport> reports = new ArrayList<>();

  Fits(Observations observations, WorkerPool pool, int layers) {
    this.observations = observations;
    this.pool = pool;
    this.layers = layers;
  }

  /** How the fitted predictors do, layer by layer. */
  List<LayerReport> reports() {
    return reports;
  }

  /** Predictors of every layer, trained to leave out at most {@code cett} of a block's output. */
  Selection lowRank(double cett, IntConsumer layerDone) {
    LowRankTraining training =
        new LowRankTraining(pool, TrainingOptions.defaults().withTargetCett(cett));
    List<LayerSelectors> fitted = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      NeuronWeights weights = observations.bundles(layer);
      TrainedPredictor predictor =
          training.train(
              layer,
              observations.samples(layer),
              SelectorInput.NORMED,
              observations.profile().layer(layer),
              weights.downT(),
              cost(weights));
      reports.add(predictor.report());
      fitted.add(new LayerSelectors(predictor.parameters(), null));
      layerDone.accept(layer + 1);
    }
    return new Selection(String.format(Locale.ROOT, "low-rank-%.2f", cett), fitted, Map.of());
  }

  private static BlockCost cost(NeuronWeights weights) {
    Tensor gate = weights.gate();
    long deciding = gate == null ? weights.up().rowBytes() : gate.rowBytes();
    return new BlockCost(deciding, weights.bundleBytes() - deciding);
  }

  /** Cutoffs of every layer that leave out at most {@code cett} of a block's output. */
  Selection energy(double cett) {
    List<LayerSelectors> fitted = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      NeuronWeights weights = observations.bundles(layer);
      float[] outputs =
          observations
              .profile()
              .layer(layer)
              .outputWeights(observations.downNorms(layer), weights.gated());
      Cett measure = new Cett(observations.samples(layer), weights.downT(), pool);
      EnergyFit fit = EnergyFit.of(measure, observations.samples(layer), outputs, cett);
      fitted.add(
          new LayerSelectors(null, fit.cutoffs("blk." + layer + ".energy.cutoffs", outputs)));
    }
    return new Selection(String.format(Locale.ROOT, "energy-%.2f", cett), fitted, Map.of());
  }

  /** Thresholds that leave out a share of the inputs of every linear layer, by WINA score. */
  Selection wina(double sparsity) {
    return columns("wina", sparsity, observations.wina(), true);
  }

  /** The same by magnitude alone (TEAL), for comparison. */
  Selection magnitude(double sparsity) {
    return columns("magnitude", sparsity, observations.magnitude(), false);
  }

  private Selection columns(String name, double sparsity, WinaObserver observer, boolean scored) {
    Map<String, ColumnSelector> selectors = new HashMap<>();
    for (String linear : observer.linears()) {
      // Where more inputs than wanted are zero, the zeros go: they cost nothing.
      float threshold = Math.max(Float.MIN_VALUE, observer.histogram(linear).quantile(sparsity));
      float[] norms = observations.columnNorms().getOrDefault(linear, new float[0]);
      selectors.put(
          linear,
          scored
              ? WinaColumns.of(norms, threshold)
              : WinaColumns.magnitude(norms.length, threshold));
    }
    return new Selection(name + "-" + Math.round(100 * sparsity), List.of(), selectors);
  }
}
