package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.hybrid.HostedFeedForward;
import dev.thermocline.engine.hybrid.HybridFeedForward;
import dev.thermocline.engine.hybrid.ShadowBuffers;
import dev.thermocline.engine.hybrid.ShadowCheck;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.ExpertWeights;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.MixtureOfExperts;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.predictor.Selector;
import dev.thermocline.predictor.SelectorWorkspace;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Loads a model's layers into the backends that a split gives them. */
final class LayerBuilder {
  private final Model model;
  private final EngineOptions options;
  private final FeedForwardPlan plan;
  private final Kernels cpu;
  private final @Nullable Kernels gpu;
  private final int pages;
  private final int context;
  private @Nullable SelectorWorkspace selectorWorkspace;
  private @Nullable ShadowBuffers shadowBuffers;

  LayerBuilder(
      Model model,
      EngineOptions options,
      FeedForwardPlan plan,
      Kernels cpu,
      @Nullable Kernels gpu,
      int pages,
      int context) {
    this.model = model;
    this.options = options;
    this.plan = plan;
    this.cpu = cpu;
    this.gpu = gpu;
    this.pages = pages;
    this.context = context;
  }

  /** Loads everything; on failure, nothing stays loaded. */
  ModelRunner build(NeuronPlacement placement) {
    ModelConfig config = model.config();
    int tokens = options.batch();
    LoadedLayers layers = new LoadedLayers(cpu, gpu, model, tokens, usesDeviceAttention(placement));
    try {
      for (int layer = 0; layer < config.nLayer(); layer++) {
        add(layers, layer, placement.layer(layer));
      }
      return new ModelRunner(
          cpu,
          layers,
          model.embedding(cpu, tokens),
          new RunnerHead(cpu, gpu != null && placement.headOnDevice() ? gpu : cpu, model),
          model.rope(context, tokens),
          config.nEmbd(),
          tokens);
    } catch (RuntimeException e) {
      layers.close();
      throw e;
    }
  }

  private boolean usesDeviceAttention(NeuronPlacement placement) {
    return gpu != null && placement.layers().stream().anyMatch(LayerPlacement::attentionOnDevice);
  }

  private void add(LoadedLayers layers, int layer, LayerPlacement placed) {
    ModelConfig config = model.config();
    Kernels home = gpu != null && placed.attentionOnDevice() ? gpu : cpu;
    KvShape shape = config.kvShape(pages, options.cache().format());
    try (Parts parts = new Parts()) {
      FeedForward feedForward = parts.keep(feedForward(layer, home, placed, layers));
      TransformerBlock block = parts.keep(model.block(layer, home, feedForward, linears(home)));
      layers.add(home, block, feedForward, home.kvCache(shape));
      parts.release();
    }
  }

  private FeedForward feedForward(
      int layer, Kernels home, LayerPlacement placed, LoadedLayers layers) {
    ExpertWeights experts = plan.experts(layer);
    if (experts != null) {
      FeedForward mixture = mixture(layer, experts, placed, layers);
      return home == cpu
          ? mixture
          : new HostedFeedForward(home, layers.buffers(), mixture, experts.config().early());
    }
    FeedForwardWeights weights = plan.weights(layer);
    if (home == cpu || weights.separable()) {
      return block(layer, 0, weights, home, placed, layers);
    }
    return new HostedFeedForward(home, layers.buffers(), dense(weights, layers), false);
  }

  /** Experts on the host, each with its part of the layer's hot neurons on the device. */
  private FeedForward mixture(
      int layer, ExpertWeights weights, LayerPlacement placed, LoadedLayers layers) {
    try (Parts parts = new Parts()) {
      List<FeedForward> experts = new ArrayList<>();
      int from = 0;
      for (FeedForwardWeights expert : weights.experts()) {
        LayerPlacement own = part(placed, from, expert.neurons());
        experts.add(parts.keep(block(layer, experts.size(), expert, cpu, own, layers)));
        from += expert.neurons();
      }
      FeedForwardWeights shared = weights.shared();
      FeedForward all =
          shared == null
              ? null
              : parts.keep(block(layer, experts.size(), shared, cpu, cold(shared), layers));
      FeedForward mixture =
          new MixtureOfExperts(
              cpu, weights, experts, all, Objects.requireNonNull(layers.expertBuffers()));
      parts.release();
      return mixture;
    }
  }

  private static LayerPlacement part(LayerPlacement whole, int from, int neurons) {
    RowSet hot = new RowSet(neurons);
    RowSet cold = new RowSet(neurons);
    for (int i = 0; i < neurons; i++) {
      (whole.hot().contains(from + i) ? hot : cold).add(i);
    }
    return new LayerPlacement(hot, cold, false, false);
  }

  private static LayerPlacement cold(FeedForwardWeights weights) {
    RowSet all = new RowSet(weights.neurons());
    all.fill();
    return new LayerPlacement(new RowSet(weights.neurons()), all, false, false);
  }

  private FeedForward dense(FeedForwardWeights weights, LoadedLayers layers) {
    return FeedForward.dense(cpu, weights, layers.hostWorkspace(), linears(cpu));
  }

  /** A feed-forward block, or an expert: dense, or neurons in one or two backends. */
  private FeedForward block(
      int layer,
      int unit,
      FeedForwardWeights source,
      Kernels home,
      LayerPlacement placed,
      LoadedLayers layers) {
    boolean split = gpu != null && (placed.hot().count() > 0 || home == gpu);
    if (!source.separable() || !split && !plan.sparse(layer, source)) {
      return dense(source, layers);
    }
    NeuronWeights weights = plan.bundles(layer, unit, source);
    RowSet hot = split ? placed.hot() : new RowSet(weights.neurons());
    RowSet cold = split ? placed.cold() : all(weights.neurons());
    Tensor bias = source.downBias();
    try (Parts parts = new Parts()) {
      Selector selector = parts.keep(plan.selector(layer, source, cpu, selectorWorkspace(weights)));
      HybridFeedForward hybrid =
          new HybridFeedForward(
              home,
              layers.buffers(),
              hot.count() == 0 || gpu == null ? null : parts.keep(gpu.neurons(weights, hot)),
              cold.count() == 0 ? null : parts.keep(cpu.neurons(weights, cold)),
              selector,
              bias == null ? null : parts.keep(home.weights(bias)),
              ShadowCheck.mayLose(selector)
                  ? parts.keep(shadow(layer, weights, selector, home))
                  : null);
      parts.release();
      return hybrid;
    }
  }

  /** Layers look one after the other, so that no token waits for several of them. */
  private ShadowCheck shadow(int layer, NeuronWeights weights, Selector selector, Kernels home) {
    int period = home == cpu ? ShadowCheck.PERIOD : ShadowCheck.DEVICE_PERIOD;
    int phase = layer * period / model.config().nLayer();
    return new ShadowCheck(cpu, weights, selector, shadowBuffers(weights), period, phase);
  }

  /** One for all layers of a width, as {@link #selectorWorkspace}. */
  private ShadowBuffers shadowBuffers(NeuronWeights weights) {
    ShadowBuffers existing = shadowBuffers;
    if (existing == null
        || existing.neurons() != weights.neurons()
        || existing.width() != weights.width()) {
      existing = new ShadowBuffers(weights.width(), weights.neurons());
      shadowBuffers = existing;
    }
    return existing;
  }

  /** Inputs are selected on the CPU only: a device computes its linear layers densely. */
  private LinearFactory linears(Kernels home) {
    return home == cpu ? plan.linears() : LinearFactory.DENSE;
  }

  private static RowSet all(int neurons) {
    RowSet rows = new RowSet(neurons);
    rows.fill();
    return rows;
  }

  /** One for all layers of a width, made when the first selector asks. */
  private SelectorWorkspace selectorWorkspace(NeuronWeights weights) {
    SelectorWorkspace existing = selectorWorkspace;
    if (existing == null || existing.neurons() != weights.neurons()) {
      existing = new SelectorWorkspace(options.batch(), weights.width(), weights.neurons());
      selectorWorkspace = existing;
    }
    return existing;
  }
}
