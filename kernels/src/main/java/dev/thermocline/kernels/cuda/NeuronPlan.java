package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a block of neurons will lie in a buffer that is still to be allocated, as
 * offsets; -1 for a bias that the block lacks.
 *
 * @param bytes of the whole
 */
record NeuronPlan(
    long ids,
    long cutoffs,
    long counters,
    long gateBias,
    long upBias,
    @Nullable RowsPlan gate,
    RowsPlan up,
    RowsPlan down,
    long bytes) {
  /** Lays out {@code count} neurons of a layer. */
  static NeuronPlan of(NeuronWeights weights, int count) {
    DeviceLayout layout = new DeviceLayout();
    long ids = layout.add(4L * count);
    long cutoffs = layout.add(4L * count);
    long counters = layout.add(counterBytes(weights.neurons()));
    long gateBias = weights.gateBias() == null ? -1 : layout.add(4L * count);
    long upBias = weights.upBias() == null ? -1 : layout.add(4L * count);
    RowsPlan gate = weights.gate() == null ? null : RowsPlan.of(layout, weights.gate(), count);
    RowsPlan up = RowsPlan.of(layout, weights.up(), count);
    RowsPlan down = RowsPlan.of(layout, weights.downT(), count);
    return new NeuronPlan(ids, cutoffs, counters, gateBias, upBias, gate, up, down, layout.bytes());
  }

  /** Of the neurons tested, of those added, and of those added in each group of a layer. */
  static long counterBytes(int layerNeurons) {
    return 8L * (2 + NeuronBlock.groups(layerNeurons));
  }
}
