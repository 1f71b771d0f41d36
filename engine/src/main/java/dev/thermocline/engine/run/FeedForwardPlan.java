package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.select.ColumnCounter;
import dev.thermocline.engine.select.SelectingLinears;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.AllNeurons;
import dev.thermocline.predictor.Energy;
import dev.thermocline.predictor.GateFirst;
import dev.thermocline.predictor.LowRank;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.Selector;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.SelectorWorkspace;
import dev.thermocline.predictor.overlay.LayerSelectors;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How each layer's feed-forward is computed, and its neuron-major weights, made when first asked
 * for and kept: a transposed down projection costs seconds on large models.
 */
final class FeedForwardPlan implements AutoCloseable {
  private final Model model;
  private final SparseMode mode;
  private final WorkerPool pool;
  private final Arena arena = Arena.ofShared();
  private final Selection selection;
  private final @Nullable ActivationProfile profile;
  private final ColumnCounter columns = new ColumnCounter();
  private final SelectingLinears linears;
  private final List<@Nullable NeuronWeights> bundles = new ArrayList<>();

  FeedForwardPlan(
      Model model,
      EngineOptions options,
      WorkerPool pool,
      Selection selection,
      @Nullable ActivationProfile profile) {
    this.selection = selection;
    this.profile = profile;
    this.linears = new SelectingLinears(selection, arena, pool, columns);
    this.model = model;
    this.mode = options.sparse();
    this.pool = pool;
    for (int i = 0; i < model.config().nLayer(); i++) {
      bundles.add(null);
    }
  }

  FeedForwardWeights weights(int layer) {
    return model.feedForwardWeights(layer);
  }

  /** Whether neurons of a layer may be left out. */
  boolean sparse(int layer) {
    FeedForwardWeights weights = weights(layer);
    if (mode == SparseMode.OFF || byColumns(layer)) {
      return false;
    }
    LayerSelectors fitted = selection.layer(layer);
    return weights.activation().exactlySparse()
        || predicted(weights)
        || fitted.lowRank() != null
        || fitted.energyCutoffs() != null;
  }

  /** Whether the layer's inputs are selected instead of its neurons. */
  boolean byColumns(int layer) {
    return selection.columns(weights(layer).up().name()) != null;
  }

  /** How linear layers are computed. */
  LinearFactory linears() {
    return linears;
  }

  /** Share of their inputs that column-sparse layers used so far. */
  double columnShare() {
    return columns.share();
  }

  /** Whether the file's own predictor selects the neurons. */
  boolean predicted(FeedForwardWeights weights) {
    return mode == SparseMode.AUTO && weights.predictor() != null;
  }

  /** The layer's neurons, transposed at the first call where the file has them the other way. */
  NeuronWeights bundles(int layer) {
    NeuronWeights existing = bundles.get(layer);
    if (existing == null) {
      existing = NeuronMajor.of(weights(layer), arena, pool, bytes -> {}).weights();
      bundles.set(layer, existing);
    }
    return existing;
  }

  /** What selects a layer's neurons; the caller closes it. */
  Selector selector(int layer, Kernels cpu, SelectorWorkspace workspace) {
    FeedForwardWeights weights = weights(layer);
    FeedForwardWeights.Predictor predictor = weights.predictor();
    if (!sparse(layer)) {
      return new AllNeurons(weights.neurons());
    }
    LayerSelectors fitted = selection.layer(layer);
    if (fitted.lowRank() != null) {
      return new LowRank(cpu, fitted.lowRank(), workspace);
    }
    if (fitted.energyCutoffs() != null) {
      return new Energy(fitted.energyCutoffs());
    }
    if (predictor != null && predicted(weights)) {
      // PowerInfer's predictors read the residual stream before the norm.
      return new LowRank(
          cpu,
          new LowRankParameters(
              predictor.fc1(), predictor.fc2(), predictor.threshold(), SelectorInput.RESIDUAL),
          workspace);
    }
    return new GateFirst(weights.neurons());
  }

  /** How the neurons behave, if an overlay says so. */
  @Nullable ActivationProfile profile() {
    return profile;
  }

  /**
   * Weight bytes read per token: all of attention and head, and the rows of the neurons that were
   * read.
   */
  double bytesPerToken(LayerStatistics statistics) {
    if (columns.used()) {
      return model.headBytes() + columns.bytesPerToken();
    }
    double bytes = model.headBytes();
    int sparseLayer = 0;
    for (int layer = 0; layer < model.config().nLayer(); layer++) {
      bytes += model.attentionBytes(layer);
      NeuronWeights known = bundles.get(layer);
      if (known == null) {
        bytes += model.feedForwardBytes(layer);
      } else {
        bytes += bytesPerToken(known, statistics.layers().get(sparseLayer++));
      }
    }
    return bytes;
  }

  private static double bytesPerToken(NeuronWeights weights, NeuronStatistics statistics) {
    long first = weights.gate() == null ? weights.up().rowBytes() : weights.gate().rowBytes();
    double tested = (double) statistics.hotTested() + statistics.coldTested();
    double added = (double) statistics.hotAdded() + statistics.coldAdded();
    return (tested * first + added * (weights.bundleBytes() - first))
        / Math.max(1, statistics.tokens());
  }

  /** A few words on how neurons are selected. */
  String summary() {
    if (byColumns(0)) {
      return "sparse by columns (" + selection.name() + ")";
    }
    if (!sparse(0)) {
      return "dense";
    }
    LayerSelectors fitted = selection.layer(0);
    if (fitted.lowRank() != null || fitted.energyCutoffs() != null) {
      return "sparse by overlay";
    }
    return predicted(weights(0)) ? "neurons predicted by the file's predictors" : "exactly sparse";
  }

  @Override
  public void close() {
    arena.close();
  }
}
