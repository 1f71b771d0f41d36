package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
import org.jspecify.annotations.Nullable;

/** All neurons of a block whose down projection is stored by neuron. */
final class NeuronFeedForward implements FeedForward {
  private final Kernels kernels;
  private final NeuronBlock neurons;
  private final @Nullable Weights downBias;

  NeuronFeedForward(Kernels kernels, NeuronWeights weights, @Nullable Tensor downBias) {
    this.kernels = kernels;
    this.neurons = kernels.neurons(weights, null);
    this.downBias = downBias == null ? null : kernels.weights(downBias);
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    neurons.forward(normed, n, null, false, out);
    if (downBias != null) {
      kernels.addBias(out, n, downBias);
    }
  }

  @Override
  public void close() {
    neurons.close();
    if (downBias != null) {
      downBias.close();
    }
  }
}
