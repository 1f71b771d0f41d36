package dev.thermocline.kernels.cuda;

import java.lang.foreign.MemorySegment;

/**
 * Owner of page-locked host memory, which the device reaches too under {@link #deviceAddress}. The
 * segment must not be used after closing.
 */
public final class PinnedMemory implements AutoCloseable {

  private final CudaDriver driver;
  private final MemorySegment segment;
  private final long deviceAddress;
  private boolean closed;

  private PinnedMemory(CudaDriver driver, MemorySegment segment) {
    this.driver = driver;
    this.segment = segment;
    this.deviceAddress = driver.deviceAddress(segment);
  }

  /** Allocates; contents are undefined. */
  public static PinnedMemory allocate(CudaDriver driver, long bytes) {
    MemorySegment segment = driver.allocatePinned(bytes);
    try {
      return new PinnedMemory(driver, segment);
    } catch (CudaException e) {
      driver.freePinned(segment);
      throw e;
    }
  }

  /** The memory as the host sees it. */
  public MemorySegment segment() {
    return segment;
  }

  /** Host address, for copies. */
  public long address() {
    return segment.address();
  }

  /** The memory as kernels see it. */
  public long deviceAddress() {
    return deviceAddress;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      driver.freePinned(segment);
    }
  }
}
