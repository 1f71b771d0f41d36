package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.cuda.CudaBytes;
import dev.thermocline.kernels.cuda.CudaOptions;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.placement.LayerFootprint;
import dev.thermocline.predictor.placement.MemoryBudget;
import dev.thermocline.predictor.placement.ModelFootprint;
import java.util.ArrayList;
import java.util.List;

/**
 * Device memory that the parts of a model take when {@link LayerBuilder} loads them: every
 * allocation of it, so that a plan is never exceeded. Embedding and head stay on the CPU.
 */
final class DeviceFootprint {
  private final Model model;
  private final ModelConfig config;
  private final EngineOptions options;
  private final int pages;

  /**
   * Describes a model.
   *
   * @param pages of each layer's key-value cache
   */
  DeviceFootprint(Model model, EngineOptions options, int pages) {
    this.model = model;
    this.config = model.config();
    this.options = options;
    this.pages = pages;
  }

  /**
   * The whole.
   *
   * @param cuda options of the backend
   * @param held bytes that the backend takes before anything of the model is loaded
   */
  ModelFootprint of(CudaOptions cuda, long held) {
    List<LayerFootprint> layers = new ArrayList<>();
    for (int layer = 0; layer < config.nLayer(); layer++) {
      layers.add(layer(layer));
    }
    return new ModelFootprint(workspace(cuda, held), layers, List.of());
  }

  /** Most rows of the matrices of a layer's attention. */
  int matrixRows() {
    return Math.max(config.nEmbd(), Math.max(config.queryWidth(), config.kvWidth()));
  }

  private List<Long> workspace(CudaOptions cuda, long held) {
    List<Long> sizes = new ArrayList<>();
    sizes.add(held);
    sizes.add(CudaBytes.scratch(cuda, matrixRows(), config.nFf(), config.nEmbd()));
    // What crosses in a split feed-forward: input and partial output.
    sizes.add(activations(config.nEmbd()));
    sizes.add(activations(config.nEmbd()));
    // Every block of neurons has counters.
    sizes.add(config.nLayer() * MemoryBudget.ALIGNMENT);
    return sizes;
  }

  private long activations(int cols) {
    return CudaBytes.activations(options.batch(), cols);
  }

  private LayerFootprint layer(int layer) {
    List<Long> attention = new ArrayList<>();
    if (layer == 0) {
      // Attention moves to the device from the first layer on, which brings what all of them share.
      addShared(attention);
    }
    String prefix = "blk." + layer + ".";
    for (GgufTensorInfo info : model.gguf().tensors()) {
      String name = info.name();
      if (name.startsWith(prefix + "attn_")
          || name.startsWith(prefix + "ffn_norm")
          || name.startsWith(prefix + "ffn_down") && name.endsWith(".bias")) {
        attention.add(bytes(info));
      }
    }
    attention.add(cache().bytes());
    FeedForwardWeights weights = model.feedForwardWeights(layer);
    return new LayerFootprint(weights.neurons(), perNeuron(weights), attention, List.of());
  }

  private KvShape cache() {
    return new KvShape(pages, config.nKvHead(), config.headSize(), options.halfCache());
  }

  private void addShared(List<Long> sizes) {
    int width = config.nEmbd();
    for (int cols :
        new int[] {
          width,
          width,
          width,
          config.queryWidth(),
          config.queryWidth(),
          config.kvWidth(),
          config.kvWidth()
        }) {
      sizes.add(activations(cols));
    }
    sizes.add(2 * 4L * Math.max(1, model.rope(options.batch()).cos().length));
    // Twice, as the table of the batch may be replaced by a larger one while both exist.
    long batchTable = 4L * (3L * options.batch() + pages);
    sizes.add(batchTable);
    sizes.add(batchTable);
  }

  private long bytes(GgufTensorInfo info) {
    return info.dimensions().size() == 1
        ? CudaBytes.weights(Math.toIntExact(info.cols()))
        : CudaBytes.matrix(model.gguf().tensor(info.name()));
  }

  private static List<Long> perNeuron(FeedForwardWeights weights) {
    int width = weights.width();
    List<Long> sizes = new ArrayList<>();
    // Its number in the layer, its cutoff and its biases.
    sizes.add(4L);
    sizes.add(4L);
    if (weights.gateBias() != null) {
      sizes.add(4L);
    }
    if (weights.upBias() != null) {
      sizes.add(4L);
    }
    if (weights.gate() != null) {
      sizes.addAll(CudaBytes.neuronRow(weights.gate().format(), width));
    }
    sizes.addAll(CudaBytes.neuronRow(weights.up().format(), width));
    sizes.addAll(CudaBytes.neuronRow(NeuronMajor.downFormat(weights), width));
    return sizes;
  }
}
