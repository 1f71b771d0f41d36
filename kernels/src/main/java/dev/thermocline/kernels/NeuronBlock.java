package dev.thermocline.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Some or all neurons of one feed-forward block in one backend. Neurons keep the numbers they have
 * in the layer, so that candidates and cutoffs mean the same in every backend and under every
 * placement.
 *
 * <p>With {@code g_i = gate_i . x} and {@code u_i = up_i . x} the output of neuron i is {@code h_i
 * * down_i}, where {@code h_i = act(g_i) * u_i}, or {@code act(u_i)} without a gate.
 */
public interface NeuronBlock extends AutoCloseable {

  /** Neurons of a group of {@link #addedByGroup}: 64. */
  int GROUP_SHIFT = 6;

  /** Number of neurons held here. */
  int neurons();

  /** Bytes of all neurons held here. */
  long bytes();

  /**
   * Sets the value at or below which a neuron is dropped once its gate (or, ungated, its up) is
   * known: neuron i is skipped if {@code abs(act(g_i)) <= cutoffs[i]}. Zeros, the initial state,
   * skip exact zeros only.
   *
   * @param cutoffs one value for every neuron of the layer, n_ff in all, not negative
   */
  void cutoffs(float[] cutoffs);

  /**
   * {@code out[t] += sum h_i(t) * down_i} for the first {@code n} tokens, over the neurons held
   * here in ascending order.
   *
   * @param x normed input {@code [n][n_embd]}
   * @param candidates per token the neurons of the layer that may be computed, or null for all
   * @param skip whether neurons at or below their cutoff are left out; false computes every
   *     candidate
   * @param out {@code [n][n_embd]}, added to
   */
  void forward(Activations x, int n, RowSet @Nullable [] candidates, boolean skip, Activations out);

  /** Neurons added to an output so far, over all tokens. Waits for the backend if need be. */
  long neuronsAdded();

  /**
   * Neurons whose gate (or, ungated, up) row was read so far, over all tokens. Waits for the
   * backend if need be.
   */
  long neuronsTested();

  /**
   * As {@link #neuronsAdded}, for each group of 64 neurons with neighbouring numbers in the layer:
   * group g is of the neurons from 64 g. A copy; counts wrap around at 32 bits.
   */
  int[] addedByGroup();

  /** Groups of a layer of so many neurons. */
  static int groups(int neurons) {
    return (neurons + (1 << GROUP_SHIFT) - 1) >> GROUP_SHIFT;
  }

  @Override
  void close();
}
