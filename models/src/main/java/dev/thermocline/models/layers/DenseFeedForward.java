package dev.thermocline.models.layers;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All neurons of a block by dense products, weights in the orientation of the file: {@code
 * down(act(gate(x)) * up(x))}, or {@code down(act(up(x)))} without a gate.
 */
final class DenseFeedForward implements FeedForward {
  private final Kernels kernels;
  private final ActivationFunction activation;
  private final @Nullable Linear gate;
  private final Linear up;
  private final Linear down;
  private final Activations gateOut;
  private final Activations upOut;
  private final Activations downOut;

  DenseFeedForward(
      Kernels kernels, FeedForwardWeights weights, Workspace workspace, LinearFactory linears) {
    this.kernels = kernels;
    this.activation = weights.activation();
    Tensor gateTensor = weights.gate();
    this.gate = gateTensor == null ? null : linears.load(kernels, gateTensor, weights.gateBias());
    this.up = linears.load(kernels, weights.up(), weights.upBias());
    this.down = linears.load(kernels, Objects.requireNonNull(weights.down()), weights.downBias());
    this.upOut = workspace.up();
    this.gateOut = gate == null ? upOut : workspace.gate();
    this.downOut = workspace.projected();
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    up.forward(normed, n, upOut);
    if (gate != null) {
      gate.forward(normed, n, gateOut);
    }
    kernels.activate(activation, gateOut, n);
    if (gate != null) {
      kernels.multiply(activation, gateOut, upOut, n);
    }
    down.forward(gateOut, n, downOut);
    kernels.add(out, downOut, n);
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
