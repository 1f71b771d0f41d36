package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensors of a mixture of experts. Those of all experts lie in one tensor each, expert
 * after expert, and are used in place.
 */
public final class ExpertReader {
  private final GgufFile gguf;
  private final ModelConfig model;
  private final ExpertConfig config;
  private final String prefix;

  private ExpertReader(GgufFile gguf, ModelConfig model, ExpertConfig config, String prefix) {
    this.gguf = gguf;
    this.model = model;
    this.config = config;
    this.prefix = prefix;
  }

  /** The experts of a layer, or null where the model has none. */
  public static @Nullable ExpertWeights read(GgufFile gguf, ModelConfig model, int layer) {
    ExpertConfig config = model.experts();
    return config == null
        ? null
        : new ExpertReader(gguf, model, config, "blk." + layer + ".").read();
  }

  private ExpertWeights read() {
    int count = config.count();
    int width = model.nEmbd();
    return new ExpertWeights(
        config,
        Tensors.require(gguf, prefix + "ffn_gate_inp.weight", count, width),
        Tensors.optional(gguf, prefix + "ffn_gate_inp.bias", 1, count),
        experts(),
        shared(),
        gguf.contains(prefix + "ffn_gate_inp_shexp.weight")
            ? Tensors.vector(gguf, prefix + "ffn_gate_inp_shexp.weight", width)
            : null);
  }

  private List<FeedForwardWeights> experts() {
    int nFf = model.nFf();
    int width = model.nEmbd();
    boolean fused = gguf.contains(prefix + "ffn_gate_up_exps.weight");
    Part gate = new Part(fused ? "ffn_gate_up" : "ffn_gate", fused ? 2 * nFf : nFf, width);
    Part up = fused ? gate : new Part("ffn_up", nFf, width);
    Part down = new Part("ffn_down", width, nFf);
    List<FeedForwardWeights> experts = new ArrayList<>();
    for (int e = 0; e < config.count(); e++) {
      Tensor first = model.gated() ? gate.weight(e) : null;
      experts.add(
          new FeedForwardWeights(
              fused && first != null ? first.rows(0, nFf) : first,
              fused || !model.gated() ? null : gate.bias(e),
              fused ? up.weight(e).rows(nFf, nFf) : up.weight(e),
              fused ? null : up.bias(e),
              down.weight(e),
              null,
              down.bias(e),
              model.activation(),
              null,
              null));
    }
    return experts;
  }

  /**
   * One matrix of all experts: {@code [experts * rows][cols]} in one tensor, or, in the oldest
   * files, a tensor each.
   */
  private final class Part {
    private final String name;
    private final int rows;
    private final int cols;
    private final @Nullable Tensor all;
    private final @Nullable Tensor biases;

    Part(String name, int rows, int cols) {
      this.name = prefix + name;
      this.rows = rows;
      this.cols = cols;
      long together = (long) rows * config.count();
      if (together > Integer.MAX_VALUE) {
        throw new GgufFormatException(this.name, -1, "expected fewer than 2^31 rows");
      }
      String tensor = this.name + "_exps";
      this.all = Tensors.optional(gguf, tensor + ".weight", (int) together, cols);
      this.biases = Tensors.optional(gguf, tensor + ".bias", config.count(), rows);
    }

    Tensor weight(int expert) {
      return all == null
          ? Tensors.require(gguf, name + "." + expert + ".weight", rows, cols)
          : all.rows(expert * rows, rows);
    }

    @Nullable Tensor bias(int expert) {
      return biases == null ? null : biases.rows(expert, 1);
    }
  }

  private @Nullable FeedForwardWeights shared() {
    String up = prefix + "ffn_up_shexp.weight";
    if (!gguf.contains(up)) {
      return null;
    }
    int width = model.nEmbd();
    int neurons = gguf.tensor(up).rows();
    return new FeedForwardWeights(
        model.gated()
            ? Tensors.require(gguf, prefix + "ffn_gate_shexp.weight", neurons, width)
            : null,
        null,
        Tensors.require(gguf, up, neurons, width),
        null,
        Tensors.require(gguf, prefix + "ffn_down_shexp.weight", width, neurons),
        null,
        null,
        model.activation(),
        null,
        null);
  }
}
