package dev.thermocline.kernels.cuda;

import java.lang.foreign.MemorySegment;

/**
 * The seam over CUDA's driver API: one open device and its primary context. {@link JCudaDriver} is
 * the implementation; tests replace what is below it, the driver library itself, so that the code
 * above and JCuda run as in production.
 *
 * <p>Device addresses are raw {@code long}s and always mean this device. Copies, fills and launches
 * are enqueued on a stream and return at once; nothing on that path allocates on the Java heap once
 * an address has been seen. Any thread may call; objects made here belong to whoever asked for
 * them, who closes them before the driver.
 *
 * <p>Every method throws {@link CudaException} when the driver refuses or reports an earlier
 * failure. Closing never throws: a lost device cannot release anything, and whoever closes can do
 * nothing about it.
 */
public interface CudaDriver extends AutoCloseable {

  /**
   * Opens the first device.
   *
   * @throws CudaUnavailableException with the reason in one line if {@link CudaProbe} finds none
   */
  static CudaDriver open() {
    CudaStatus status = CudaProbe.probe();
    if (!status.ready()) {
      throw new CudaUnavailableException(status);
    }
    return JCudaDriver.open(status);
  }

  /** What was opened. */
  CudaDevice device();

  /** Bytes of device memory that nobody has allocated. */
  long freeBytes();

  /**
   * Allocates device memory, 256-byte aligned, contents undefined. {@link DeviceMemory} owns it.
   *
   * @param bytes at least 1
   */
  long allocate(long bytes);

  /** Frees what {@link #allocate} returned. Waits for work that may still use it. */
  void free(long address);

  /**
   * Allocates page-locked host memory that the device can read and write too, contents undefined.
   * {@link PinnedMemory} owns it.
   *
   * @param bytes at least 1
   */
  MemorySegment allocatePinned(long bytes);

  /** Frees what {@link #allocatePinned} returned. */
  void freePinned(MemorySegment pinned);

  /** The device's address of memory from {@link #allocatePinned}. */
  long deviceAddress(MemorySegment pinned);

  /**
   * Enqueues a copy from host to device.
   *
   * @param to device address
   * @param from host address; from pinned memory the copy is asynchronous and the memory must not
   *     change until it is done, from any other the driver takes the bytes before it returns
   * @param bytes how many
   */
  void copyToDevice(long to, long from, long bytes, CudaStream stream);

  /**
   * Enqueues a copy from device to host.
   *
   * @param to host address; asynchronous only where it is pinned
   * @param from device address
   * @param bytes how many
   */
  void copyToHost(long to, long from, long bytes, CudaStream stream);

  /** Enqueues a copy between two places of device memory that do not overlap. */
  void copyOnDevice(long to, long from, long bytes, CudaStream stream);

  /** Enqueues setting {@code bytes} bytes to zero. */
  void clear(long address, long bytes, CudaStream stream);

  /** A new stream, independent of all others. */
  CudaStream stream();

  /** A new event without timing. */
  CudaEvent event();

  /** A new event that notes the time, for {@link CudaEvent#nanosSince}. */
  CudaEvent timedEvent();

  /**
   * Compiles PTX for the device; the driver keeps the result in its own cache across processes.
   *
   * @throws CudaException if the driver is too old for the text or the device for its target
   */
  CudaModule load(Ptx ptx);

  /** Waits until all streams are idle. */
  void synchronize();

  @Override
  void close();
}
