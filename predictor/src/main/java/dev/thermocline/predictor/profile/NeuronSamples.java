package dev.thermocline.predictor.profile;

import dev.thermocline.kernels.HostActivations;
import java.util.ArrayList;
import java.util.List;

/**
 * What one layer did on some tokens, token by token: the predictor's input, and which neurons were
 * active and how much. Active neurons are kept as a list, so that a sparse layer takes little
 * memory. Filled by one thread; then read by many.
 */
public final class NeuronSamples {
  private final int capacity;
  private final int width;
  private final int neurons;
  private final List<float[]> inputs = new ArrayList<>();
  private final List<int[]> active = new ArrayList<>();
  private final List<float[]> hidden = new ArrayList<>();
  private final List<float[]> gates = new ArrayList<>();

  /**
   * Room for {@code capacity} tokens; further ones are left out.
   *
   * @param width n_embd
   * @param neurons n_ff
   */
  public NeuronSamples(int capacity, int width, int neurons) {
    if (capacity < 1 || width < 1 || neurons < 1) {
      throw new IllegalArgumentException(
          "samples: expected positive sizes, got " + capacity + ", " + width + ", " + neurons);
    }
    this.capacity = capacity;
    this.width = width;
    this.neurons = neurons;
  }

  /** Tokens from {@code from} to {@code to} of other samples, sharing their memory. */
  public NeuronSamples range(int from, int to) {
    NeuronSamples part = new NeuronSamples(Math.max(1, to - from), width, neurons);
    part.inputs.addAll(inputs.subList(from, to));
    part.active.addAll(active.subList(from, to));
    part.hidden.addAll(hidden.subList(from, to));
    part.gates.addAll(gates.subList(from, to));
    return part;
  }

  public boolean full() {
    return inputs.size() >= capacity;
  }

  /**
   * Adds one token unless full.
   *
   * @param input row {@code token} is what a predictor would see
   * @param values of the same token
   * @param downNorms norm of each neuron's down row
   * @param floor norm of a neuron's output at or below which it counts as inactive
   */
  public void add(
      HostActivations input, NeuronValues values, int token, float[] downNorms, float floor) {
    if (full()) {
      return;
    }
    if (input.cols() != width || values.hidden().cols() != neurons) {
      throw new IllegalArgumentException(
          "samples: expected n_embd "
              + width
              + " and n_ff "
              + neurons
              + ", got "
              + input.cols()
              + " and "
              + values.hidden().cols());
    }
    HostActivations h = values.hidden();
    HostActivations gate = values.gate() == null ? h : values.gate();
    int at = h.offset(token);
    int count = 0;
    for (int i = 0; i < neurons; i++) {
      count += Math.abs(h.values()[at + i]) * downNorms[i] > floor ? 1 : 0;
    }
    int[] numbers = new int[count];
    float[] outputs = new float[count];
    float[] magnitudes = new float[count];
    for (int i = 0, n = 0; n < count; i++) {
      if (Math.abs(h.values()[at + i]) * downNorms[i] > floor) {
        numbers[n] = i;
        outputs[n] = h.values()[at + i];
        magnitudes[n++] = Math.abs(gate.values()[gate.offset(token) + i]);
      }
    }
    float[] row = new float[width];
    System.arraycopy(input.values(), input.offset(token), row, 0, width);
    inputs.add(row);
    active.add(numbers);
    hidden.add(outputs);
    gates.add(magnitudes);
  }

  /** Number of tokens. */
  public int size() {
    return inputs.size();
  }

  /** n_embd. */
  public int width() {
    return width;
  }

  /** n_ff. */
  public int neurons() {
    return neurons;
  }

  /** A predictor's input at a token; as the other arrays, not a copy. */
  public float[] input(int sample) {
    return inputs.get(sample);
  }

  /** Numbers of a token's active neurons, ascending. */
  public int[] active(int sample) {
    return active.get(sample);
  }

  /** h of a token's active neurons, in the order of {@link #active}. */
  public float[] hidden(int sample) {
    return hidden.get(sample);
  }

  /** Magnitudes of their activated gates (ungated: of h). */
  public float[] gates(int sample) {
    return gates.get(sample);
  }

  /** Mean share of neurons that are active. */
  public double activeShare() {
    long sum = 0;
    for (int[] numbers : active) {
      sum += numbers.length;
    }
    return size() == 0 ? 0 : (double) sum / ((double) size() * neurons);
  }
}
