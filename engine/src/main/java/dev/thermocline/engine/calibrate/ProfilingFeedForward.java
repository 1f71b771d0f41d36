package dev.thermocline.engine.calibrate;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.Linear;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.predictor.profile.NeuronObserver;
import dev.thermocline.predictor.profile.NeuronValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dense feed-forward block on the CPU that shows every value to observers. */
final class ProfilingFeedForward implements FeedForward {
  private final Kernels kernels;
  private final int layer;
  private final FeedForwardWeights weights;
  private final @Nullable Linear gate;
  private final Linear up;
  private final Linear down;
  private final ProfilingBuffers buffers;
  private final List<? extends NeuronObserver> observers;

  /**
   * Loads a block.
   *
   * @param down {@code [n_embd][n_ff]}, as the file has it or transposed back
   * @param linears makes the three layers, perhaps observed themselves
   */
  ProfilingFeedForward(
      Kernels kernels,
      int layer,
      FeedForwardWeights weights,
      Tensor down,
      LinearFactory linears,
      ProfilingBuffers buffers,
      List<? extends NeuronObserver> observers) {
    this.kernels = kernels;
    this.layer = layer;
    this.weights = weights;
    Tensor gateTensor = weights.gate();
    this.gate = gateTensor == null ? null : linears.load(kernels, gateTensor, weights.gateBias());
    this.up = linears.load(kernels, weights.up(), weights.upBias());
    this.down = linears.load(kernels, down, weights.downBias());
    this.buffers = buffers;
    this.observers = observers;
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    HostActivations hidden = buffers.hidden();
    up.forward(normed, n, buffers.up());
    Linear first = gate;
    if (first == null) {
      System.arraycopy(buffers.up().values(), 0, hidden.values(), 0, n * hidden.cols());
      kernels.activate(weights.activation(), hidden, n);
    } else {
      first.forward(normed, n, buffers.gate());
      kernels.activate(weights.activation(), buffers.gate(), n);
      System.arraycopy(buffers.gate().values(), 0, hidden.values(), 0, n * hidden.cols());
      kernels.multiply(weights.activation(), hidden, buffers.up(), n);
    }
    observe((HostActivations) residual, (HostActivations) normed, n);
    down.forward(hidden, n, buffers.projected());
    kernels.add(out, buffers.projected(), n);
  }

  private void observe(HostActivations residual, HostActivations normed, int n) {
    NeuronValues values =
        new NeuronValues(
            residual, normed, gate == null ? null : buffers.gate(), buffers.up(), buffers.hidden());
    for (NeuronObserver observer : observers) {
      observer.observe(layer, values, n);
    }
  }

  @Override
  public void close() {
    up.close();
    down.close();
    if (gate != null) {
      gate.close();
    }
  }
}
