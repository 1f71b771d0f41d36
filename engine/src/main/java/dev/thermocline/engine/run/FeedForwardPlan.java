package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.AllNeurons;
import dev.thermocline.predictor.GateFirst;
import dev.thermocline.predictor.LowRank;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.Selector;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.SelectorWorkspace;
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
  private final List<@Nullable NeuronWeights> bundles = new ArrayList<>();

  FeedForwardPlan(Model model, EngineOptions options, WorkerPool pool) {
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
    return mode != SparseMode.OFF && (weights.activation().exactlySparse() || predicted(weights));
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
    return null;
  }

  /** Device memory below which placing neurons is pointless. */
  long smallestBudget() {
    return model.attentionBytes(0) / 16;
  }

  /**
   * Weight bytes read per token: all of attention and head, and the rows of the neurons that were
   * read.
   */
  double bytesPerToken(LayerStatistics statistics) {
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
    if (!sparse(0)) {
      return "dense";
    }
    return predicted(weights(0)) ? "neurons predicted by the file's predictors" : "exactly sparse";
  }

  @Override
  public void close() {
    arena.close();
  }
}
