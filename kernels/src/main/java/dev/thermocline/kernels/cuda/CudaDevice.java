package dev.thermocline.kernels.cuda;

/**
 * Properties of an open device.
 *
 * @param name NVIDIA's name of it
 * @param major of its compute capability
 * @param minor of its compute capability
 * @param totalBytes device memory
 * @param multiprocessors how many
 * @param maxSharedBytes most shared memory that a block can be allowed
 * @param driverVersion CUDA version of the driver, 1000 * major + 10 * minor
 */
public record CudaDevice(
    String name,
    int major,
    int minor,
    long totalBytes,
    int multiprocessors,
    int maxSharedBytes,
    int driverVersion) {

  /** Compute capability as one number, such as 89. */
  public int computeCapability() {
    return 10 * major + minor;
  }
}
