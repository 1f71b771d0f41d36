package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.thermocline.kernels.Rope;
import java.lang.foreign.MemorySegment;

/** The angles of one {@link Rope} on the device: sent once per forward pass. */
final class RopeTable implements AutoCloseable {
  private final Rope rope;
  private final CudaTransfers transfers;
  private final CudaBuffer buffer;
  private long version = -1;
  private int rows;

  RopeTable(Rope rope, CudaHeap heap, CudaTransfers transfers) {
    this.rope = rope;
    this.transfers = transfers;
    this.buffer = heap.allocate(2 * 4L * Math.max(1, rope.cos().length));
  }

  boolean isOf(Rope other) {
    return rope == other;
  }

  /** Sends the angles of the first {@code n} tokens unless the device has them. */
  void use(int n) {
    if (version == rope.version() && n <= rows) {
      return;
    }
    int count = n * rope.pairs();
    long at = transfers.take(8L * count);
    MemorySegment.copy(rope.cos(), 0, transfers.staging(), JAVA_FLOAT, at, count);
    MemorySegment.copy(rope.sin(), 0, transfers.staging(), JAVA_FLOAT, at + 4L * count, count);
    transfers.send(at, buffer.address(), 8L * count);
    rows = n;
    version = rope.version();
  }

  long cos() {
    return buffer.address();
  }

  long sin() {
    return buffer.address() + 4L * rows * rope.pairs();
  }

  @Override
  public void close() {
    buffer.close();
  }
}
