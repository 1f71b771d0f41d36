package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;

/** Threads in random order, the same one each time. */
final class CudaKernelsRandomTest extends CudaKernelsTest {

  @Override
  void loadDriver() {
    EmulatedCuda.load().order(EmulatedCuda.Order.RANDOM, 7);
  }
}
