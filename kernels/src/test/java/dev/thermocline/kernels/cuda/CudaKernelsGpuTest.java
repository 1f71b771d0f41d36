package dev.thermocline.kernels.cuda;

import org.junit.jupiter.api.Tag;

/** On a real device. */
@Tag("gpu")
final class CudaKernelsGpuTest extends CudaKernelsTest {

  @Override
  void loadDriver() {}
}
