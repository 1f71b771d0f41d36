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
    Tensor up = fused ? all("ffn_gate_up_exps", 2 * nFf, width) : all("ffn_up_exps", nFf, width);
    Tensor gate = fused || !model.gated() ? null : all("ffn_gate_exps", nFf, width);
    Tensor down = all("ffn_down_exps", width, nFf);
    Tensor gateBias = biases("ffn_gate_exps", nFf);
    Tensor upBias = biases("ffn_up_exps", nFf);
    Tensor downBias = biases("ffn_down_exps", width);
    List<FeedForwardWeights> experts = new ArrayList<>();
    for (int e = 0; e < config.count(); e++) {
      Tensor own = up.rows(e * up.rows() / config.count(), up.rows() / config.count());
      experts.add(
          new FeedForwardWeights(
              fused ? own.rows(0, nFf) : gate == null ? null : gate.rows(e * nFf, nFf),
              row(gateBias, e),
              fused ? own.rows(nFf, nFf) : own,
              row(upBias, e),
              down.rows(e * width, width),
              null,
              row(downBias, e),
              model.activation(),
              null,
              null));
    }
    return experts;
  }

  private Tensor all(String name, int rows, int cols) {
    long together = (long) rows * config.count();
    if (together > Integer.MAX_VALUE) {
      throw new GgufFormatException(prefix + name, -1, "expected fewer than 2^31 rows");
    }
    return Tensors.require(gguf, prefix + name + ".weight", (int) together, cols);
  }

  private @Nullable Tensor biases(String name, int cols) {
    return Tensors.optional(gguf, prefix + name + ".bias", config.count(), cols);
  }

  private static @Nullable Tensor row(@Nullable Tensor rows, int row) {
    return rows == null ? null : rows.rows(row, 1);
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
