package dev.thermocline.predictor.placement;

/**
 * The neurons of one layer in groups, hottest first, and what each number of hot groups is worth.
 * The best k groups are the first k, because groups are sorted.
 */
final class LayerGroups {
  private final LayerFootprint footprint;
  private final int groupSize;
  private final double syncMicros;
  private final double[] saved;
  private final long[] bytes;

  /**
   * Sums up a layer.
   *
   * @param frequency per neuron, hottest first
   */
  LayerGroups(LayerFootprint footprint, double[] frequency, int groupSize, MachineProfile machine) {
    this.footprint = footprint;
    this.groupSize = groupSize;
    this.syncMicros = machine.syncMicros();
    int neurons = footprint.neurons();
    double microsPerNeuron = machine.microsSaved((double) footprint.bundleBytes());
    saved = new double[(neurons + groupSize - 1) / groupSize + 1];
    for (int i = 0; i < neurons; i++) {
      saved[i / groupSize + 1] += frequency[i] * microsPerNeuron;
    }
    for (int k = 1; k < saved.length; k++) {
      saved[k] += saved[k - 1];
    }
    bytes = new long[saved.length];
    for (int k = 1; k < bytes.length; k++) {
      bytes[k] = footprint.neuronBytes(neurons(k));
    }
  }

  int groups() {
    return saved.length - 1;
  }

  int neurons(int k) {
    return Math.min(k * groupSize, footprint.neurons());
  }

  /** Exact device bytes of the first k groups. */
  long bytes(int k) {
    return bytes[k];
  }

  /** Bytes that one more group takes at most: rounding a sum never exceeds the sum of roundings. */
  long groupBytes() {
    return footprint.neuronBytes(Math.min(groupSize, footprint.neurons()));
  }

  /**
   * Microseconds saved per token by the first k groups, k from 0, before synchronisation is paid;
   * not a copy.
   */
  double[] saved() {
    return saved;
  }

  /** Microseconds gained per token by the first k groups; 0 for none, negative if not worth it. */
  double gain(int k) {
    return k == 0 ? 0 : saved[k] - syncMicros;
  }

  double syncMicros() {
    return syncMicros;
  }
}
