package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.hybrid.HybridFeedForward;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.predictor.SelectorWorkspace;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.placement.NeuronPlacement;
import org.jspecify.annotations.Nullable;

/** Loads a model's layers into the backends that a split gives them. */
final class LayerBuilder {
  private final Model model;
  private final EngineOptions options;
  private final FeedForwardPlan plan;
  private final Kernels cpu;
  private final @Nullable Kernels gpu;
  private final int pages;
  private @Nullable SelectorWorkspace selectorWorkspace;

  LayerBuilder(
      Model model,
      EngineOptions options,
      FeedForwardPlan plan,
      Kernels cpu,
      @Nullable Kernels gpu,
      int pages) {
    this.model = model;
    this.options = options;
    this.plan = plan;
    this.cpu = cpu;
    this.gpu = gpu;
    this.pages = pages;
  }

  /** Loads everything; on failure, nothing stays loaded. */
  ModelRunner build(NeuronPlacement placement) {
    ModelConfig config = model.config();
    int tokens = options.batch();
    LoadedLayers layers =
        new LoadedLayers(cpu, gpu, config, tokens, usesDeviceAttention(placement));
    try {
      for (int layer = 0; layer < config.nLayer(); layer++) {
        add(layers, layer, placement.layer(layer));
      }
      return new ModelRunner(
          cpu,
          layers,
          model.embedding(cpu),
          model.head(cpu),
          model.rope(tokens),
          config.nEmbd(),
          config.nVocab(),
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
    KvShape shape = new KvShape(pages, config.nKvHead(), config.headSize(), options.halfCache());
    try (Parts parts = new Parts()) {
      FeedForward feedForward = parts.keep(feedForward(layer, home, placed, layers));
      TransformerBlock block = parts.keep(model.block(layer, home, feedForward, linears(home)));
      layers.add(home, block, feedForward, home.kvCache(shape));
      parts.release();
    }
  }

  private FeedForward feedForward(
      int layer, Kernels home, LayerPlacement placed, LoadedLayers layers) {
    boolean split = gpu != null && (placed.hot().count() > 0 || home == gpu);
    if (!split && !plan.sparse(layer)) {
      return FeedForward.dense(cpu, plan.weights(layer), layers.hostWorkspace(), linears(cpu));
    }
    NeuronWeights weights = plan.bundles(layer);
    RowSet hot = split ? placed.hot() : new RowSet(weights.neurons());
    RowSet cold = split ? placed.cold() : all(weights.neurons());
    Tensor bias = plan.weights(layer).downBias();
    try (Parts parts = new Parts()) {
      HybridFeedForward hybrid =
          new HybridFeedForward(
              home,
              layers.buffers(),
              hot.count() == 0 || gpu == null ? null : parts.keep(gpu.neurons(weights, hot)),
              cold.count() == 0 ? null : parts.keep(cpu.neurons(weights, cold)),
              parts.keep(plan.selector(layer, cpu, selectorWorkspace(weights))),
              bias == null ? null : parts.keep(home.weights(bias)));
      parts.release();
      return hybrid;
    }
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
