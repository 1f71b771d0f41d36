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
 * @param factors a float for every neuron held, where tokens share products
 * @param wideRows rows as floats, where cuBLAS multiplies them; for all tokens together
 */
record ScratchPlan(
    long values, long starts, long partial, long mask, long quants, long factors, long wideRows) {
  static final ScratchPlan NONE = new ScratchPlan(0, 0, 0, 0, 0, 0, 0);

  /** For a set of rows of a matrix. */
  static ScratchPlan rows(int bound) {
    return new ScratchPlan(0, 0, 0, maskBytes(bound), 0, 0, 0);
  }

  /** For the sum of some of {@code count} rows of {@code cols} elements. */
  static ScratchPlan sum(int count, int cols) {
    Slices slices = Slices.of(count);
    return new ScratchPlan(
        4L * count,
        4L * (slices.count() + 1),
        4L * slices.count() * DeviceFormat.pitch(cols),
        maskBytes(count),
        0,
        0,
        0);
  }

  /** For {@code count} neurons of a layer. */
  static ScratchPlan neurons(NeuronWeights weights, int count, CudaOptions options) {
    return neurons(weights.neurons(), weights.width(), count, options);
  }

  /** For {@code count} of a layer's neurons. */
  static ScratchPlan neurons(int neurons, int width, int count, CudaOptions options) {
    int pitch = DeviceFormat.pitch(width);
    long quants = options.int8Activations() ? pitch : 0;
    boolean dense = options.cublas() && options.maxTokens() >= DenseNeurons.GEMM_TILE;
    long wideRows = 4L * DenseNeurons.pieceRows(count, width) * pitch;
    return sum(count, width)
        .max(
            new ScratchPlan(
                0,
                0,
                0,
                maskBytes(neurons),
                quants,
                options.maxTokens() > 1 ? 4L * count : 0,
                dense ? wideRows : 0));
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
        Math.max(quants, other.quants),
        Math.max(factors, other.factors),
        Math.max(wideRows, other.wideRows));
  }

  /** Bytes for {@code tile} tokens. */
  long bytes(int tile) {
    return new ScratchOffsets(this, tile).bytes();
  }
}
