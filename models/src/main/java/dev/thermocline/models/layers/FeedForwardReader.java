package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;
import org.jspecify.annotations.Nullable;

/** Finds the tensors of a feed-forward block, PowerInfer's among them. */
public final class FeedForwardReader {
  private FeedForwardReader() {}

  /** The feed-forward block of a layer, with the tensor names that most architectures share. */
  public static FeedForwardWeights read(GgufFile gguf, ModelConfig config, int layer) {
    String prefix = "blk." + layer + ".";
    int nEmbd = config.nEmbd();
    int nFf = config.nFf();
    boolean byNeuron = gguf.contains(prefix + "ffn_down_t.weight");
    boolean gated = config.gated();
    return new FeedForwardWeights(
        gated ? Tensors.require(gguf, prefix + "ffn_gate.weight", nFf, nEmbd) : null,
        gated ? Tensors.optional(gguf, prefix + "ffn_gate.bias", 1, nFf) : null,
        Tensors.require(gguf, prefix + "ffn_up.weight", nFf, nEmbd),
        Tensors.optional(gguf, prefix + "ffn_up.bias", 1, nFf),
        byNeuron
            ? Tensors.optional(gguf, prefix + "ffn_down.weight", nEmbd, nFf)
            : Tensors.require(gguf, prefix + "ffn_down.weight", nEmbd, nFf),
        Tensors.optional(gguf, prefix + "ffn_down_t.weight", nFf, nEmbd),
        downBias(gguf, prefix, nEmbd),
        config.activation(),
        predictor(gguf, prefix, nEmbd, nFf));
  }

  /** Whether a file is laid out for neuron-sparse computing, as PowerInfer's converters do. */
  public static boolean isPowerInfer(GgufFile gguf) {
    return gguf.contains("blk.0.ffn_down_t.weight") || gguf.contains("blk.0.fc1.weight");
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
}
