package dev.thermocline.models.layers;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
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
  private final @Nullable Weights subNorm;
  private final float epsilon;
  private final Activations gateOut;
  private final Activations upOut;
  private final Activations downOut;

  DenseFeedForward(
      Kernels kernels, FeedForwardWeights weights, Workspace workspace, LinearFactory linears) {
    this.kernels = kernels;
    this.activation = weights.activation();
    Tensor gateTensor = weights.gate();
    FeedForwardWeights.SubNorm sub = weights.subNorm();
    Linear plainGate =
        gateTensor == null ? null : linears.load(kernels, gateTensor, weights.gateBias());
    Linear plainUp = linears.load(kernels, weights.up(), weights.upBias());
    Linear plainDown =
        linears.load(kernels, Objects.requireNonNull(weights.down()), weights.downBias());
    this.gate = plainGate == null || sub == null ? plainGate : scaled(plainGate, sub.gateScale());
    this.up = sub == null ? plainUp : scaled(plainUp, sub.upScale());
    this.down = sub == null ? plainDown : scaled(plainDown, sub.downScale());
    this.subNorm = sub == null ? null : kernels.weights(sub.weight());
    this.epsilon = sub == null ? 0 : sub.epsilon();
    this.upOut = workspace.up(weights.neurons());
    this.gateOut = gate == null ? upOut : workspace.gate(weights.neurons());
    this.downOut = workspace.projected();
  }

  private Linear scaled(Linear linear, float scale) {
    return scale == 1 ? linear : new ScaledLinear(kernels, linear, scale);
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
    if (subNorm != null) {
      kernels.rmsNorm(gateOut, n, subNorm, epsilon, gateOut);
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
    if (subNorm != null) {
      subNorm.close();
    }
  }
}
