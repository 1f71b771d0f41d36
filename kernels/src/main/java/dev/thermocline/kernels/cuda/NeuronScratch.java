package dev.thermocline.kernels.cuda;

/**
 * Scratch memory of the neuron kernels, shared by all blocks of a backend, since they run one after
 * the other on its stream. Grows only while weights are loaded. Every part holds a tile of tokens.
 */
final class NeuronScratch {
  /** Most tokens that go through the neuron kernels together. */
  static final int TILE = 16;

  private final CudaHeap heap;
  private final int tile;
  private CudaBuffer buffer;
  private long neuronBytes;
  private long startBytes;
  private long partialBytes;
  private long maskBytes;
  private long quantBytes;
  private long list;
  private long starts;
  private long partial;
  private long masks;
  private long quants;
  private long quantScales;

  NeuronScratch(CudaHeap heap, int tile) {
    this.heap = heap;
    this.tile = tile;
    this.buffer = layOut();
  }

  /** Tokens of a tile. */
  int tile() {
    return tile;
  }

  /**
   * Makes room; what was there is lost.
   *
   * @param neurons values and list entries of a token
   * @param slices slices of a token's list
   * @param outputs padded elements of a slice's partial sum
   * @param maskWords 64-bit words of a token's mask
   * @param inputs padded elements of a token's quantized input, or 0
   */
  void ensure(int neurons, int slices, int outputs, int maskWords, int inputs) {
    long[] before = {neuronBytes, startBytes, partialBytes, maskBytes, quantBytes};
    neuronBytes = Math.max(neuronBytes, 4L * neurons);
    startBytes = Math.max(startBytes, 4L * (slices + 1));
    partialBytes = Math.max(partialBytes, 4L * slices * outputs);
    maskBytes = Math.max(maskBytes, 8L * maskWords);
    quantBytes = Math.max(quantBytes, inputs);
    if (java.util.Arrays.equals(
        before, new long[] {neuronBytes, startBytes, partialBytes, maskBytes, quantBytes})) {
      return;
    }
    try {
      CudaBuffer larger = layOut();
      buffer.close();
      buffer = larger;
    } catch (CudaException e) {
      neuronBytes = before[0];
      startBytes = before[1];
      partialBytes = before[2];
      maskBytes = before[3];
      quantBytes = before[4];
      throw e;
    }
  }

  private CudaBuffer layOut() {
    DeviceLayout layout = new DeviceLayout();
    layout.add(tile * neuronBytes);
    long listAt = layout.add(tile * neuronBytes);
    long startsAt = layout.add(tile * startBytes);
    long partialAt = layout.add(tile * partialBytes);
    long masksAt = layout.add(tile * maskBytes);
    long quantsAt = layout.add(tile * quantBytes);
    long quantScalesAt = layout.add(tile * (quantBytes / 8));
    CudaBuffer allocated = heap.allocate(layout.bytes());
    list = listAt;
    starts = startsAt;
    partial = partialAt;
    masks = masksAt;
    quants = quantsAt;
    quantScales = quantScalesAt;
    return allocated;
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

  /** Candidates, {@code [tile][maskWords]}. */
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
