package dev.thermocline.kernels.cuda;

import org.jspecify.annotations.Nullable;

/**
 * The kernels of one weight format, and what a chunk of eight elements takes on the device.
 *
 * @param chunkBytes bytes of the quants of a chunk
 * @param scaled whether every four chunks share a two-byte scale, kept apart from the quants
 * @param testInt8 the test on eight-bit activations, where the format has one
 * @param multiplyInt8 the product on eight-bit activations, where the format has one
 */
record FormatKernels(
    int chunkBytes,
    boolean scaled,
    CudaLaunch packRows,
    CudaLaunch embed,
    CudaLaunch multiply,
    CudaLaunch multiplyBatch,
    CudaLaunch multiplyRows,
    CudaLaunch neuronTest,
    CudaLaunch neuronMultiply,
    CudaLaunch neuronDown,
    @Nullable CudaLaunch testInt8,
    @Nullable CudaLaunch multiplyInt8) {

  /** Bytes of the quants of a matrix. */
  long dataBytes(long rows, int cols) {
    return rows * DeviceRows.chunks(cols) * chunkBytes;
  }

  /** Bytes of the scales of a matrix. */
  long scaleBytes(long rows, int cols) {
    return scaled ? rows * (DeviceRows.chunks(cols) / 4) * 2 : 0;
  }
}
