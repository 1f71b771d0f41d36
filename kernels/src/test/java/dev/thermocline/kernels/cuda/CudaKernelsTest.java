package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KernelsConformanceTest;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import org.jspecify.annotations.Nullable;

final class CudaKernelsTest extends KernelsConformanceTest {
  private @Nullable CudaDriver driver;

  @Override
  protected Kernels open() {
    EmulatedCuda.load();
    CudaStatus status = CudaProbe.probe();
    assumeTrue(status.ready(), status.reason());
    driver = CudaDriver.open();
    return Kernels.cuda(driver, CudaOptions.of(64));
  }

  @Override
  protected void closed() {
    if (driver != null) {
      driver.close();
    }
  }
}
