package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.cuda.CudaBytes;
import dev.thermocline.kernels.cuda.CudaOptions;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.layers.ExpertWeights;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.placement.LayerFootprint;
import dev.thermocline.predictor.placement.MemoryBudget;
import dev.thermocline.predictor.placement.ModelFootprint;
import java.util.ArrayList;
import java.util.List;

/**
 * Device memory that the parts of a model take when {@link LayerBuilder} loads them: every
 * allocation of it, so that a plan is never exceeded. The embedding stays on the CPU.
 */
final class DeviceFootprint {
  /** Allocations of a block of neurons, each rounded up by itself. */
  private static final int BLOCK_PARTS = 12;

  private final Model model;
  private final ModelConfig config;
  private final EngineOptions options;
  private final PageBudget pages;

  /**
   * Describes a model.
   *
   * @param pages of the key-value caches
   */
  DeviceFootprint(Model model, EngineOptions options, PageBudget pages) {
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
    return new ModelFootprint(workspace(cuda, held), layers, head(cuda));
  }

  /**
   * Most rows of a matrix.
   *
   * @param attention whether some layer's attention is on the device
   * @param head whether the output matrix is
   */
  int matrixRows(boolean attention, boolean head) {
    return Math.max(attention ? attentionRows() : 1, head ? config.nVocab() : 1);
  }

  private int attentionRows() {
    return Math.max(
        config.nEmbd(),
        Math.max(config.queryWidth(), Math.max(config.keyWidth(), config.valueWidth())));
  }

  /** Final norm, output matrix, the rows that go in and the logits that come out. */
  private List<Long> head(CudaOptions cuda) {
    List<Long> sizes = new ArrayList<>();
    for (GgufTensorInfo info : model.gguf().tensors()) {
      String name = info.name();
      if (name.startsWith("output_norm.") || name.startsWith("output.")) {
        sizes.add(bytes(info));
      }
    }
    if (model.tiedOutput()) {
      sizes.add(CudaBytes.matrix(model.gguf().tensor("token_embd.weight")));
    }
    sizes.add(CudaBytes.activations(RunnerHead.ROWS, config.nEmbd()));
    sizes.add(CudaBytes.activations(RunnerHead.ROWS, config.nVocab()));
    sizes.add(scratch(cuda, matrixRows(true, true)) - scratch(cuda, matrixRows(true, false)));
    return sizes;
  }

  private long scratch(CudaOptions cuda, int rows) {
    return CudaBytes.scratch(cuda, rows, config.nFf(), config.nEmbd());
  }

  private List<Long> workspace(CudaOptions cuda, long held) {
    List<Long> sizes = new ArrayList<>();
    sizes.add(held);
    sizes.add(scratch(cuda, matrixRows(true, false)));
    // What crosses in a split feed-forward: input and partial output.
    sizes.add(activations(config.nEmbd()));
    sizes.add(activations(config.nEmbd()));
    sizes.add(blockOverhead());
    return sizes;
  }

  /** Every block of neurons has counters; where experts are many, each rounds its parts up. */
  private long blockOverhead() {
    ExpertConfig experts = config.experts();
    long each = experts == null ? 1 : experts.count() * (1L + BLOCK_PARTS);
    return config.nLayer() * each * MemoryBudget.ALIGNMENT;
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
      if (name.equals(prefix + "attn_qkv.weight")) {
        addParts(model.gguf().tensor(name), attention);
      } else if (name.equals(prefix + "attn_qkv.bias")) {
        for (int rows : fusedRows()) {
          attention.add(CudaBytes.weights(rows));
        }
      } else if (name.startsWith(prefix + "attn_")
          || name.startsWith(prefix + "post_")
          || name.startsWith(prefix + "ffn_norm")
          || name.startsWith(prefix + "ffn_down") && name.endsWith(".bias")) {
        attention.add(bytes(info));
      }
    }
    attention.add(cache().bytes());
    return new LayerFootprint(
        config.neuronsPerLayer(), perNeuron(aBlock(layer)), attention, List.of());
  }

  /** The neurons of a layer, or of one of its experts. */
  private FeedForwardWeights aBlock(int layer) {
    ExpertWeights experts = model.expertWeights(layer);
    return experts == null ? model.feedForwardWeights(layer) : experts.experts().getFirst();
  }

  /** Query, key and value in one tensor are loaded as three. */
  private void addParts(Tensor fused, List<Long> sizes) {
    int from = 0;
    for (int rows : fusedRows()) {
      sizes.add(CudaBytes.matrix(fused.rows(from, rows)));
      from += rows;
    }
  }

  private int[] fusedRows() {
    return new int[] {config.queryWidth(), config.keyWidth(), config.valueWidth()};
  }

  private KvShape cache() {
    return config.kvShape(pages.total(), options.cache().format());
  }

  private void addShared(List<Long> sizes) {
    int width = config.nEmbd();
    for (int cols :
        new int[] {
          width,
          width,
          width,
          config.queryWidth(),
          config.attendedWidth(),
          config.keyWidth(),
          config.valueWidth()
        }) {
      sizes.add(activations(cols));
    }
    if (branches()) {
      sizes.add(activations(width));
    }
    for (Rope kind : model.rope(pages.context(), options.batch()).kinds()) {
      sizes.add(2 * 4L * Math.max(1, kind.cos().length));
      if (options.cache().shift()) {
        sizes.add(2 * 4L * Math.max(1, kind.pairs()));
      }
    }
    // Twice, as the table of the batch may be replaced by a larger one while both exist.
    long batchTable = 4L * (3L * Math.max(2, options.batch()) + pages.tablePages());
    sizes.add(batchTable);
    sizes.add(batchTable);
  }

  /** Whether blocks keep a part of theirs apart before it is added to the stream. */
  private boolean branches() {
    return config.scales().residual() != 1
        || config.parallel()
        || model.gguf().contains("blk.0.post_attention_norm.weight")
        || model.gguf().contains("blk.0.attn_norm_2.weight");
  }

  private long bytes(GgufTensorInfo info) {
    return info.dimensions().size() == 1 || info.name().contains("_norm.")
        ? CudaBytes.weights(Math.toIntExact(info.elements()))
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
