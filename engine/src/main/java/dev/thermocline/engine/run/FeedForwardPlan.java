package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.select.ColumnCounter;
import dev.thermocline.engine.select.SelectingLinears;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.layers.ExpertWeights;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How each layer's feed-forward is computed, and its neuron-major weights, made when first asked
 * for and kept: a transposed down projection costs seconds on large models.
 */
final class FeedForwardPlan implements AutoCloseable {
  private final Model model;
  private final SparsePolicy policy;
  private final WorkerPool pool;
  private final Arena arena = Arena.ofShared();
  private final Selection selection;
  private final @Nullable ActivationProfile profile;
  private final ColumnCounter columns = new ColumnCounter();
  private final SelectingLinears linears;
  private final List<List<@Nullable NeuronWeights>> bundles = new ArrayList<>();

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
    this.policy = new SparsePolicy(options.sparse(), selection);
    this.pool = pool;
    for (int i = 0; i < model.config().nLayer(); i++) {
      bundles.add(new ArrayList<>());
    }
  }

  FeedForwardWeights weights(int layer) {
    return model.feedForwardWeights(layer);
  }

  /** The experts of a layer; null in a model without. */
  @Nullable ExpertWeights experts(int layer) {
    return model.expertWeights(layer);
  }

  /** One block of a layer: its feed-forward, or the first of its experts. */
  private FeedForwardWeights aBlock(int layer) {
    ExpertWeights experts = experts(layer);
    return experts == null ? weights(layer) : experts.experts().getFirst();
  }

  /** Format of down projections that are stored by neuron, where some are. */
  Optional<TensorFormat> transposedFormat() {
    FeedForwardWeights block = aBlock(0);
    return sparse(0, block) ? Optional.of(NeuronMajor.downFormat(block)) : Optional.empty();
  }

  /** Whether neurons can be computed by themselves, some here and some there. */
  boolean separable() {
    return aBlock(0).separable();
  }

  /** Whether neurons of a block of a layer may be left out. */
  boolean sparse(int layer, FeedForwardWeights weights) {
    return policy.sparse(layer, weights);
  }

  /** How linear layers are computed. */
  LinearFactory linears() {
    return linears;
  }

  /** Share of their inputs that column-sparse layers used so far. */
  double columnShare() {
    return columns.share();
  }

  /**
   * A block's neurons, transposed at the first call where the file has them the other way.
   *
   * @param unit number of the block in its layer: 0, or that of an expert
   */
  NeuronWeights bundles(int layer, int unit, FeedForwardWeights weights) {
    List<@Nullable NeuronWeights> known = bundles.get(layer);
    while (known.size() <= unit) {
      known.add(null);
    }
    NeuronWeights existing = known.get(unit);
    if (existing == null) {
      existing = NeuronMajor.of(weights, arena, pool, bytes -> {});
      known.set(unit, existing);
    }
    return existing;
  }

  /** What selects a block's neurons; the caller closes it. */
  Selector selector(
      int layer, FeedForwardWeights weights, Kernels cpu, SelectorWorkspace workspace) {
    FeedForwardWeights.Predictor predictor = weights.predictor();
    if (!sparse(layer, weights)) {
      return new AllNeurons(weights.neurons());
    }
    LayerSelectors fitted = selection.layer(layer);
    if (fitted.lowRank() != null) {
      return new LowRank(cpu, fitted.lowRank(), workspace);
    }
    if (fitted.energyCutoffs() != null) {
      return new Energy(fitted.energyCutoffs());
    }
    if (predictor != null && policy.predicted(weights)) {
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
      List<@Nullable NeuronWeights> known = bundles.get(layer);
      NeuronWeights first = known.isEmpty() ? null : known.getFirst();
      if (first == null) {
        bytes += denseBytes(layer);
      } else {
        bytes += bytesPerToken(first, statistics.layers().get(sparseLayer++));
      }
    }
    return bytes;
  }

  /** Of experts only those that a token is sent to are read. */
  private double denseBytes(int layer) {
    ExpertWeights experts = experts(layer);
    double all = model.feedForwardBytes(layer);
    if (experts == null) {
      return all;
    }
    double idle = 1 - (double) experts.config().used() / experts.config().count();
    return all - idle * experts.experts().size() * bytes(experts.experts().getFirst());
  }

  private static double bytes(FeedForwardWeights expert) {
    Tensor gate = expert.gate();
    Tensor down = expert.down();
    return (gate == null ? 0.0 : gate.data().byteSize())
        + expert.up().data().byteSize()
        + (down == null ? 0.0 : down.data().byteSize());
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
    FeedForwardWeights block = aBlock(0);
    if (policy.byColumns(block)) {
      return "sparse by columns (" + selection.name() + ")";
    }
    if (!sparse(0, block)) {
      return "dense";
    }
    LayerSelectors fitted = selection.layer(0);
    if (fitted.lowRank() != null || fitted.energyCutoffs() != null) {
      return "sparse by overlay";
    }
    return policy.predicted(block)
        ? "neurons predicted by the file's predictors"
        : "exactly sparse";
  }

  @Override
  public void close() {
    arena.close();
  }
}
