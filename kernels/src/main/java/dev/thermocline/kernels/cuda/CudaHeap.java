package dev.thermocline.kernels.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything a backend holds on its device: buffers, accounted to the byte, and other objects of
 * the driver. Closing releases whatever is left, buffers first.
 */
final class CudaHeap implements AutoCloseable {
  private final CudaDriver driver;
  private final Set<CudaBuffer> buffers = new LinkedHashSet<>();
  private final Deque<Runnable> owned = new ArrayDeque<>();
  private long bytes;

  CudaHeap(CudaDriver driver) {
    this.driver = driver;
  }

  /** Allocates device memory, 256-byte aligned, contents undefined. */
  CudaBuffer allocate(long size) {
    CudaBuffer buffer = new CudaBuffer(this, DeviceMemory.allocate(driver, size));
    buffers.add(buffer);
    bytes += size;
    return buffer;
  }

  /** Has {@code close} run when the heap closes, latest first. */
  void own(Runnable close) {
    owned.push(close);
  }

  /** Forgets a buffer that is being closed; false if that has happened before. */
  boolean release(CudaBuffer buffer) {
    boolean held = buffers.remove(buffer);
    if (held) {
      bytes -= buffer.bytes();
    }
    return held;
  }

  /** Bytes of all live buffers. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    for (CudaBuffer buffer : List.copyOf(buffers)) {
      buffer.close();
    }
    while (!owned.isEmpty()) {
      owned.pop().run();
    }
  }
}
