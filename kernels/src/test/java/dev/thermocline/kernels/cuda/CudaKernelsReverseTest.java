package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;

/**
 * Threads in reverse order, which shows missing barriers; work done only when something waits for
 * it, which shows missing synchronisation.
 */
final class CudaKernelsReverseTest extends CudaKernelsTest {

  @Override
  void loadDriver() {
    EmulatedCuda cuda = EmulatedCuda.load();
    cuda.order(EmulatedCuda.Order.REVERSE, 1);
    cuda.mode(EmulatedCuda.Mode.LAZY);
  }

  /** Staging that often runs full, and no cuBLAS. */
  @Override
  CudaOptions options() {
    return new CudaOptions(64, 8192, false, false);
  }
}
