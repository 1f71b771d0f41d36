package dev.thermocline.kernels.cuda;

/**
 * Scratch memory of the neuron kernels, shared by all blocks of a backend, since they run one after
 * the other on its stream. Grows only while weights are loaded.
 */
final class NeuronScratch {
  /** Most tokens that go through the neuron kernels together. */
  private static final int TILE = 16;

  private final CudaHeap heap;
  private final int tile;
  private ScratchPlan plan = ScratchPlan.NONE;
  private CudaBuffer buffer;
  private long list;
  private long starts;
  private long partial;
  private long masks;
  private long quants;
  private long quantScales;

  NeuronScratch(CudaHeap heap, CudaOptions options) {
    this.heap = heap;
    this.tile = tile(options);
    this.buffer = heap.allocate(plan.bytes(tile));
  }

  static int tile(CudaOptions options) {
    return Math.min(options.maxTokens(), TILE);
  }

  /** Tokens of a tile. */
  int tile() {
    return tile;
  }

  /** Makes room; what was there is lost. */
  void ensure(ScratchPlan need) {
    ScratchPlan larger = plan.max(need);
    if (larger.equals(plan)) {
      return;
    }
    CudaBuffer replacement = heap.allocate(larger.bytes(tile));
    buffer.close();
    buffer = replacement;
    plan = larger;
    DeviceLayout layout = new DeviceLayout();
    layout.add(tile * plan.values());
    list = layout.add(tile * plan.values());
    starts = layout.add(tile * plan.starts());
    partial = layout.add(tile * plan.partial());
    masks = layout.add(tile * plan.mask());
    quants = layout.add(tile * plan.quants());
    quantScales = layout.add(tile * plan.quants() / 8);
  }

  /** Activated values, {@code [tile][neurons]}. */
  long values() {
    return buffer.address();
  }

  /** Neurons that stay, {@code [tile][neurons]}. */
  long list() {
    return buffer.address() + list;
  }

  /** Where slices start in the list, {@code [tile][slices + 1]}. */
  long starts() {
    return buffer.address() + starts;
  }

  /** Sums of slices, {@code [tile][slices][outputs]}. */
  long partial() {
    return buffer.address() + partial;
  }

  /** Candidates, {@code [tile][words]}. */
  long masks() {
    return buffer.address() + masks;
  }

  /** Input rounded to eight bits, {@code [tile][inputs]}. */
  long quants() {
    return buffer.address() + quants;
  }

  /** Scales of the rounded input, {@code [tile][inputs / 32]} floats. */
  long quantScales() {
    return buffer.address() + quantScales;
  }
}
