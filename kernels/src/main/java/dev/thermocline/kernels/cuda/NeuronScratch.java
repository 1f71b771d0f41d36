package dev.thermocline.kernels.cuda;

/**
 * Scratch memory of the neuron kernels, shared by all blocks of a backend, since they run one after
 * the other on its stream. Grows only while weights are loaded.
 */
final class NeuronScratch {
  /** Most tokens that go through the neuron kernels together, without cuBLAS. */
  private static final int TILE = 16;

  private final CudaHeap heap;
  private final int tile;
  private ScratchPlan plan = ScratchPlan.NONE;
  private CudaBuffer buffer;
  private ScratchOffsets offsets;

  NeuronScratch(CudaHeap heap, CudaOptions options) {
    this.heap = heap;
    this.tile = tile(options);
    this.offsets = new ScratchOffsets(plan, tile);
    this.buffer = heap.allocate(offsets.bytes());
  }

  static int tile(CudaOptions options) {
    return Math.min(options.maxTokens(), options.cublas() ? DenseNeurons.GEMM_TILE : TILE);
  }

  /** Tokens of a tile. */
  int tile() {
    return tile;
  }

  /** Makes room; what was there is lost. */
  void ensure(ScratchPlan need) {
    ScratchPlan wanted = plan.max(need);
    if (wanted.equals(plan)) {
      return;
    }
    ScratchOffsets larger = new ScratchOffsets(wanted, tile);
    CudaBuffer replacement = heap.allocate(larger.bytes());
    buffer.close();
    buffer = replacement;
    plan = wanted;
    offsets = larger;
  }

  /** Activated values, {@code [tile][neurons]}. */
  long values() {
    return buffer.address() + offsets.values;
  }

  /** Neurons that stay, {@code [tile][neurons]}. */
  long list() {
    return buffer.address() + offsets.list;
  }

  /** Where slices start in the list, {@code [tile][slices + 1]}. */
  long starts() {
    return buffer.address() + offsets.starts;
  }

  /** Sums of slices, {@code [tile][slices][outputs]}. */
  long partial() {
    return buffer.address() + offsets.partial;
  }

  /** Candidates, {@code [tile][words]}. */
  long masks() {
    return buffer.address() + offsets.masks;
  }

  /** Input rounded to eight bits, {@code [tile][inputs]}. */
  long quants() {
    return buffer.address() + offsets.quants;
  }

  /** Scales of the rounded input, {@code [tile][inputs / 32]} floats. */
  long quantScales() {
    return buffer.address() + offsets.quantScales;
  }

  /** What dense products multiply the values with, {@code [tile][neurons]}. */
  long factors() {
    return buffer.address() + offsets.factors;
  }

  /** Rows as floats, padded. */
  long wideRows() {
    return buffer.address() + offsets.wideRows;
  }
}
