package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.NeuronWeights;

/**
 * Scratch memory that kernels need for one token, in bytes.
 *
 * @param values a float for every neuron held, and as much for the list of active ones
 * @param starts where slices start in the list
 * @param partial sums of slices
 * @param mask candidates
 * @param quants input rounded to eight bits
 */
record ScratchPlan(long values, long starts, long partial, long mask, long quants) {
  static final ScratchPlan NONE = new ScratchPlan(0, 0, 0, 0, 0);

  /** For a set of rows of a matrix. */
  static ScratchPlan rows(int bound) {
    return new ScratchPlan(0, 0, 0, maskBytes(bound), 0);
  }

  /** For the sum of some of {@code count} rows of {@code cols} elements. */
  static ScratchPlan sum(int count, int cols) {
    Slices slices = Slices.of(count);
    return new ScratchPlan(
        4L * count,
        4L * (slices.count() + 1),
        4L * slices.count() * DeviceFormat.pitch(cols),
        maskBytes(count),
        0);
  }

  /** For {@code count} neurons of a layer. */
  static ScratchPlan neurons(NeuronWeights weights, int count, CudaOptions options) {
    long quants = options.int8Activations() ? DeviceFormat.pitch(weights.width()) : 0;
    return sum(count, weights.width())
        .max(new ScratchPlan(0, 0, 0, maskBytes(weights.neurons()), quants));
  }

  private static long maskBytes(int bound) {
    return (bound + 63L) / 64 * 8;
  }

  /** Enough for both. */
  ScratchPlan max(ScratchPlan other) {
    return new ScratchPlan(
        Math.max(values, other.values),
        Math.max(starts, other.starts),
        Math.max(partial, other.partial),
        Math.max(mask, other.mask),
        Math.max(quants, other.quants));
  }

  /** Bytes for {@code tile} tokens. */
  long bytes(int tile) {
    DeviceLayout layout = new DeviceLayout();
    layout.add(tile * values);
    layout.add(tile * values);
    layout.add(tile * starts);
    layout.add(tile * partial);
    layout.add(tile * mask);
    layout.add(tile * quants);
    layout.add(tile * quants / 8);
    return layout.bytes();
  }
}
