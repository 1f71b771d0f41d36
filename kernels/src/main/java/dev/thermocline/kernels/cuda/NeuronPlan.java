package dev.thermocline.kernels.cuda;

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
  private static final long COUNTER_BYTES = 16;

  /** Lays out {@code count} neurons of a layer. */
  static NeuronPlan of(NeuronWeights weights, int count) {
    DeviceLayout layout = new DeviceLayout();
    long ids = layout.add(4L * count);
    long cutoffs = layout.add(4L * count);
    long counters = layout.add(COUNTER_BYTES);
    long gateBias = weights.gateBias() == null ? -1 : layout.add(4L * count);
    long upBias = weights.upBias() == null ? -1 : layout.add(4L * count);
    RowsPlan gate = weights.gate() == null ? null : RowsPlan.of(layout, weights.gate(), count);
    RowsPlan up = RowsPlan.of(layout, weights.up(), count);
    RowsPlan down = RowsPlan.of(layout, weights.downT(), count);
    return new NeuronPlan(ids, cutoffs, counters, gateBias, upBias, gate, up, down, layout.bytes());
  }
}
