package dev.thermocline.kernels.cuda;

/** Owner of one allocation of device memory. */
public final class DeviceMemory implements AutoCloseable {

  private final CudaDriver driver;
  private final long bytes;
  private long address;

  private DeviceMemory(CudaDriver driver, long bytes) {
    this.driver = driver;
    this.bytes = bytes;
    this.address = driver.allocate(bytes);
  }

  /** Allocates; contents are undefined. */
  public static DeviceMemory allocate(CudaDriver driver, long bytes) {
    return new DeviceMemory(driver, bytes);
  }

  /** Where it starts. */
  public long address() {
    if (address == 0) {
      throw new IllegalStateException("device memory of " + bytes + " bytes is closed");
    }
    return address;
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (address != 0) {
      driver.free(address);
      address = 0;
    }
  }
}
