package dev.thermocline.predictor.placement;

import dev.thermocline.kernels.RowSet;

/**
 * Where one layer is computed. Every neuron is in exactly one of the two sets; neither is changed
 * after construction.
 *
 * @param hot neurons in device memory
 * @param cold neurons in RAM
 * @param attentionOnDevice whether attention and its KV cache are in device memory
 * @param predictorOnDevice whether the layer's predictor is in device memory
 */
public record LayerPlacement(
    RowSet hot, RowSet cold, boolean attentionOnDevice, boolean predictorOnDevice) {
  public LayerPlacement {
    int bound = hot.bound();
    if (cold.bound() != bound || hot.count() + cold.count() != bound) {
      throw new IllegalArgumentException(
          "placement: expected every neuron of "
              + bound
              + " hot or cold, got "
              + hot.count()
              + " hot and "
              + cold.count()
              + " cold of "
              + cold.bound());
    }
    for (int w = 0; w < hot.words().length; w++) {
      if ((hot.words()[w] & cold.words()[w]) != 0) {
        throw new IllegalArgumentException(
            "placement: expected no neuron in both sets, got one among the 64 from " + w * 64);
      }
    }
  }

  /** A layer whose hot neurons are the first {@code count} of {@code order}, all others cold. */
  static LayerPlacement of(int[] order, int count, boolean attention, boolean predictor) {
    RowSet hot = new RowSet(order.length);
    RowSet cold = new RowSet(order.length);
    for (int i = 0; i < order.length; i++) {
      (i < count ? hot : cold).add(order[i]);
    }
    return new LayerPlacement(hot, cold, attention, predictor);
  }

  /** n_ff, or that of all experts together. */
  public int neurons() {
    return hot.bound();
  }

  /**
   * Most hot neurons of one of the blocks of equal size, one after the other, that the layer
   * consists of.
   */
  public int hotOfBlock(int blocks) {
    int size = neurons() / blocks;
    int[] counts = new int[blocks];
    for (int neuron = 0; neuron < size * blocks; neuron++) {
      counts[neuron / size] += hot.contains(neuron) ? 1 : 0;
    }
    return java.util.Arrays.stream(counts).max().orElse(0);
  }
}
