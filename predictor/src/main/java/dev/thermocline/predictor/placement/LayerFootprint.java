package dev.thermocline.predictor.placement;

import java.util.List;

/**
 * Device memory that the parts of one layer would take. Layers may differ, in number of neurons and
 * in format.
 *
 * @param neurons n_ff
 * @param bytesPerNeuron one element per allocation that grows with the hot neurons (rows of gate,
 *     up, down_t, lists of indices): its bytes for one neuron
 * @param attention sizes of the allocations of attention, norms and KV cache
 * @param predictor sizes of the allocations of the layer's predictor; empty without one
 */
public record LayerFootprint(
    int neurons, List<Long> bytesPerNeuron, List<Long> attention, List<Long> predictor) {
  public LayerFootprint {
    bytesPerNeuron = List.copyOf(bytesPerNeuron);
    attention = List.copyOf(attention);
    predictor = List.copyOf(predictor);
    if (neurons < 1 || bytesPerNeuron.stream().mapToLong(Long::longValue).sum() < 1) {
      throw new IllegalArgumentException(
          "footprint: expected neurons with bytes, got " + neurons + " of " + bytesPerNeuron);
    }
  }

  /** Allocations of {@code count} hot neurons; none for 0. */
  List<Long> allocations(int count) {
    return count == 0 ? List.of() : bytesPerNeuron.stream().map(b -> b * count).toList();
  }

  /** What {@code count} hot neurons take, as the allocator rounds. */
  public long neuronBytes(int count) {
    long sum = 0;
    for (int p = 0; p < bytesPerNeuron.size(); p++) {
      sum += MemoryBudget.aligned(bytesPerNeuron.get(p) * count);
    }
    return sum;
  }

  /** Bytes of one neuron, unrounded. */
  public long bundleBytes() {
    return bytesPerNeuron.stream().mapToLong(Long::longValue).sum();
  }
}
