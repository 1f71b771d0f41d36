package dev.thermocline.kernels.reference;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import org.jspecify.annotations.Nullable;

/** A feed-forward block, neuron by neuron. */
final class ReferenceNeuronBlock implements NeuronBlock {
  private final NeuronWeights weights;
  private final RowSet held;
  private float[] cutoffs;
  private long tested;
  private long added;
  private final int[] groups;

  ReferenceNeuronBlock(NeuronWeights weights, RowSet held) {
    this.weights = weights;
    this.held = held;
    this.cutoffs = new float[weights.neurons()];
    this.groups = new int[NeuronBlock.groups(weights.neurons())];
  }

  @Override
  public int neurons() {
    return held.count();
  }

  @Override
  public long bytes() {
    return neurons() * weights.bundleBytes();
  }

  @Override
  public void cutoffs(float[] values) {
    if (values.length != weights.neurons()) {
      throw new IllegalArgumentException(
          "cutoffs: expected " + weights.neurons() + " values, got " + values.length);
    }
    cutoffs = values.clone();
  }

  @Override
  public void forward(
      Activations x, int n, RowSet @Nullable [] candidates, boolean skip, Activations out) {
    double[] sums = new double[weights.width()];
    for (int t = 0; t < n; t++) {
      java.util.Arrays.fill(sums, 0);
      for (int i = 0; i < weights.neurons(); i++) {
        if (held.contains(i) && (candidates == null || candidates[t].contains(i))) {
          addNeuron((HostActivations) x, t, i, skip, sums);
        }
      }
      HostActivations to = (HostActivations) out;
      for (int c = 0; c < sums.length; c++) {
        to.values()[to.offset(t) + c] += (float) sums[c];
      }
    }
  }

  private void addNeuron(HostActivations x, int token, int neuron, boolean skip, double[] sums) {
    tested++;
    Tensor gate = weights.gate();
    Tensor first = gate == null ? weights.up() : gate;
    Tensor firstBias = gate == null ? weights.upBias() : weights.gateBias();
    float activated = weights.activation().apply(preActivation(first, firstBias, x, token, neuron));
    if (skip && Math.abs(activated) <= cutoffs[neuron]) {
      return;
    }
    added++;
    groups[neuron >> GROUP_SHIFT]++;
    double h = activated;
    if (gate != null) {
      float up = preActivation(weights.up(), weights.upBias(), x, token, neuron);
      h *= weights.activation().factor(up);
    }
    Tensor down = weights.downT();
    for (int c = 0; c < sums.length; c++) {
      sums[c] += h * down.format().element(down.data(), (long) neuron * sums.length + c);
    }
  }

  private static float preActivation(
      Tensor weight, @Nullable Tensor bias, HostActivations x, int token, int neuron) {
    double sum = ReferenceMatrix.dot(weight, neuron, x, token);
    return (float) (bias == null ? sum : sum + bias.format().element(bias.data(), neuron));
  }

  @Override
  public long neuronsAdded() {
    return added;
  }

  @Override
  public long neuronsTested() {
    return tested;
  }

  @Override
  public int[] addedByGroup() {
    return groups.clone();
  }

  @Override
  public void close() {}
}
