package dev.thermocline.kernels.cuda;

/** Device memory that its heap accounts for. */
final class CudaBuffer implements AutoCloseable {
  private final CudaHeap heap;
  private final DeviceMemory memory;

  CudaBuffer(CudaHeap heap, DeviceMemory memory) {
    this.heap = heap;
    this.memory = memory;
  }

  long address() {
    return memory.address();
  }

  long bytes() {
    return memory.bytes();
  }

  @Override
  public void close() {
    if (heap.release(this)) {
      memory.close();
    }
  }
}
