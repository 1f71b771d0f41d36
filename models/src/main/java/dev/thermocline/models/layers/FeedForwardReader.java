package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import org.jspecify.annotations.Nullable;

/** Finds the tensors of a feed-forward block, PowerInfer's among them. */
public final class FeedForwardReader {
  private FeedForwardReader() {}

  /** The feed-forward block of a layer, with the tensor names that all architectures share. */
  public static FeedForwardWeights read(GgufFile gguf, ModelConfig config, int layer) {
    String prefix = "blk." + layer + ".";
    int nEmbd = config.nEmbd();
    int nFf = config.nFf();
    boolean byNeuron = gguf.contains(prefix + "ffn_down_t.weight");
    GateAndUp first = GateAndUp.read(gguf, prefix, nFf, nEmbd, config.gated());
    return new FeedForwardWeights(
        first.gate(),
        first.gateBias(),
        first.up(),
        first.upBias(),
        byNeuron
            ? Tensors.optional(gguf, prefix + "ffn_down.weight", nEmbd, nFf)
            : Tensors.require(gguf, prefix + "ffn_down.weight", nEmbd, nFf),
        Tensors.optional(gguf, prefix + "ffn_down_t.weight", nFf, nEmbd),
        downBias(gguf, prefix, nEmbd),
        config.activation(),
        predictor(gguf, prefix, nEmbd, nFf),
        subNorm(gguf, prefix, config));
  }

  /** Whether a file is laid out for neuron-sparse computing, as PowerInfer's converters do. */
  public static boolean isPowerInfer(GgufFile gguf) {
    return gguf.contains("blk.0.ffn_down_t.weight") || gguf.contains("blk.0.fc1.weight");
  }

  /**
   * Gate and up of a block: a tensor each, or one with the rows of the gate before those of up, as
   * Phi-3 has them.
   */
  private record GateAndUp(
      @Nullable Tensor gate, @Nullable Tensor gateBias, Tensor up, @Nullable Tensor upBias) {

    static GateAndUp read(GgufFile gguf, String prefix, int nFf, int nEmbd, boolean gated) {
      String gate = prefix + "ffn_gate";
      String up = prefix + "ffn_up";
      if (!gated || gguf.contains(gate + ".weight")) {
        return new GateAndUp(
            gated ? Tensors.require(gguf, gate + ".weight", nFf, nEmbd) : null,
            gated ? Tensors.optional(gguf, gate + ".bias", 1, nFf) : null,
            Tensors.require(gguf, up + ".weight", nFf, nEmbd),
            Tensors.optional(gguf, up + ".bias", 1, nFf));
      }
      Tensor both = Tensors.require(gguf, up + ".weight", 2 * nFf, nEmbd);
      Tensor bias = Tensors.optional(gguf, up + ".bias", 1, 2 * nFf);
      return new GateAndUp(
          both.rows(0, nFf),
          bias == null ? null : Tensors.part(bias, 0, nFf),
          both.rows(nFf, nFf),
          bias == null ? null : Tensors.part(bias, nFf, nFf));
    }
  }

  private static @Nullable Tensor downBias(GgufFile gguf, String prefix, int nEmbd) {
    Tensor bias = Tensors.optional(gguf, prefix + "ffn_down.bias", 1, nEmbd);
    return bias != null ? bias : Tensors.optional(gguf, prefix + "ffn_down_t.bias", 1, nEmbd);
  }

  private static FeedForwardWeights.@Nullable Predictor predictor(
      GgufFile gguf, String prefix, int nEmbd, int nFf) {
    String first = prefix + "fc1.weight";
    if (!gguf.contains(first)) {
      return null;
    }
    // The rank is free: each layer may have its own.
    int rank = gguf.tensor(first).rows();
    return new FeedForwardWeights.Predictor(
        Tensors.require(gguf, first, rank, nEmbd),
        Tensors.require(gguf, prefix + "fc2.weight", nFf, rank),
        (float) gguf.metadata().number("powerinfer.sparse_threshold", 0));
  }

  private static FeedForwardWeights.@Nullable SubNorm subNorm(
      GgufFile gguf, String prefix, ModelConfig config) {
    Tensor weight = Tensors.optional(gguf, prefix + "ffn_sub_norm.weight", 1, config.nFf());
    return weight == null
        ? null
        : new FeedForwardWeights.SubNorm(
            weight,
            config.norm().epsilon(),
            TensorScale.of(gguf, prefix + "ffn_gate"),
            TensorScale.of(gguf, prefix + "ffn_up"),
            TensorScale.of(gguf, prefix + "ffn_down"));
  }
}
