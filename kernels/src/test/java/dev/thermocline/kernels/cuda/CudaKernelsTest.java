package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KernelsConformanceTest;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import org.jspecify.annotations.Nullable;

/** On the emulated device, threads in their natural order, work done as soon as it is enqueued. */
class CudaKernelsTest extends KernelsConformanceTest {
  private @Nullable CudaDriver driver;

  /** Puts the driver in place. */
  void loadDriver() {
    EmulatedCuda.load();
  }

  CudaOptions options() {
    return CudaOptions.of(64);
  }

  @Override
  protected Kernels open() {
    loadDriver();
    driver = CudaDriver.open();
    return Kernels.cuda(driver, options());
  }

  @Override
  protected void closed() {
    if (driver != null) {
      driver.close();
    }
  }
}
