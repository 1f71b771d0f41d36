package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Tensor;

/** The feed-forward part of a block: dense here, split over devices in the engine. */
public interface FeedForward extends AutoCloseable {

  /**
   * Called before the attention of the layer. A router that reads the layer's input chooses its
   * experts here; others have nothing to do.
   *
   * @param layerInput {@code [n][n_embd]}, the stream before the layer
   */
  default void prepare(Activations layerInput, int n) {}

  /**
   * Adds the output for the first {@code n} tokens to {@code out}.
   *
   * @param residual {@code [n][n_embd]}, the stream before the norm, which PowerInfer's predictors
   *     read
   * @param normed {@code [n][n_embd]}, what the neurons read
   * @param out {@code [n][n_embd]}; may be {@code residual} itself, so nothing reads the residual
   *     after the first addition
   */
  void forward(Activations residual, Activations normed, int n, Activations out);

  /**
   * Every neuron, computed by one backend: what the other implementations are measured against.
   *
   * @param workspace of the same backend, used by all its blocks
   */
  static FeedForward dense(Kernels kernels, FeedForwardWeights weights, Workspace workspace) {
    return dense(kernels, weights, workspace, LinearFactory.DENSE);
  }

  /**
   * As {@link #dense(Kernels, FeedForwardWeights, Workspace)}, with linear layers of another kind.
   */
  static FeedForward dense(
      Kernels kernels, FeedForwardWeights weights, Workspace workspace, LinearFactory linears) {
    Tensor downT = weights.downT();
    if (weights.down() != null || downT == null) {
      return new DenseFeedForward(kernels, weights, workspace, linears);
    }
    NeuronWeights neurons =
        new NeuronWeights(
            weights.gate(),
            weights.gateBias(),
            weights.up(),
            weights.upBias(),
            downT,
            weights.activation());
    return new NeuronFeedForward(kernels, neurons, weights.downBias());
  }

  /**
   * A mixture of experts, all of them dense, in a backend on the host.
   *
   * @param buffers of the same batches as the workspace, used by all blocks
   */
  static FeedForward dense(
      Kernels cpu,
      ExpertWeights weights,
      Workspace workspace,
      MixtureOfExperts.Buffers buffers,
      LinearFactory linears) {
    FeedForwardWeights shared = weights.shared();
    return new MixtureOfExperts(
        cpu,
        weights,
        weights.experts().stream().map(e -> dense(cpu, e, workspace, linears)).toList(),
        shared == null ? null : dense(cpu, shared, workspace, linears),
        buffers);
  }

  @Override
  void close();
}
