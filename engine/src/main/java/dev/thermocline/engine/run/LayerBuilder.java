package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.hybrid.HybridBuffers;
import dev.thermocline.engine.hybrid.HybridFeedForward;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.Workspace;
import dev.thermocline.predictor.AllNeurons;
import dev.thermocline.predictor.GateFirst;
import dev.thermocline.predictor.Selector;
import org.jspecify.annotations.Nullable;

/** Loads a model's layers into the backends that a split gives them. */
final class LayerBuilder {
  private final Model model;
  private final EngineOptions options;
  private final FeedForwardPlan plan;
  private final Kernels cpu;
  private final @Nullable Kernels gpu;
  private final int pages;

  LayerBuilder(
      Model model, EngineOptions options, FeedForwardPlan plan, Kernels cpu, @Nullable Kernels gpu, int pages) {
    this.model = model;
    this.options = options;
    this.plan = plan;
    this.cpu = cpu;
    this.gpu = gpu;
    this.pages = pages;
  }

  /** Loads everything; on failure, nothing stays loaded. */
  ModelRunner build(NeuronSplit split) {
    ModelConfig config = model.config();
    int tokens = options.batch();
    Workspace workspace = new Workspace(cpu, config, tokens);
    HybridBuffers buffers = new HybridBuffers(cpu, gpu, tokens, config.nEmbd());
    LoadedLayers layers = new LoadedLayers(workspace, buffers, gpu, null, null);
    try {
      for (int layer = 0; layer < config.nLayer(); layer++) {
        add(layers, layer, split.hot().get(layer), workspace, buffers);
      }
    } catch (RuntimeException e) {
      layers.close();
      throw e;
    }
    return new ModelRunner(
        cpu, layers, model.embedding(cpu), model.head(cpu), model.rope(tokens), config.nEmbd(), config.nVocab(), tokens);
  }

  private void add(
      LoadedLayers layers, int layer, @Nullable RowSet hot, Workspace workspace, HybridBuffers buffers) {
    ModelConfig config = model.config();
    FeedForward feedForward = feedForward(layer, hot, workspace, buffers);
    KvShape shape = new KvShape(pages, config.nKvHead(), config.headSize(), options.halfCache());
    layers.add(cpu, model.block(layer, cpu, feedForward), feedForward, cpu.kvCache(shape));
  }

  private FeedForward feedForward(int layer, @Nullable RowSet hot, Workspace workspace, HybridBuffers buffers) {
    if (hot == null && !plan.sparse(layer)) {
      return FeedForward.dense(cpu, plan.weights(layer), workspace);
    }
    NeuronWeights weights = plan.bundles(layer);
    Tensor bias = plan.weights(layer).downBias();
    RowSet cold = new RowSet(weights.neurons());
    cold.fill();
    Selector selector = plan.sparse(layer) ? new GateFirst() : new AllNeurons();
    return new HybridFeedForward(
        cpu, buffers, null, cpu.neurons(weights, cold), selector, bias == null ? null : cpu.weights(bias));
  }
}
