package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import org.junit.jupiter.api.Tag;

/** What the emulated device claims about the device language, asked of real hardware. */
@Tag("gpu")
class GpuDeviceLanguageTest extends DeviceLanguageTest {

  @Override
  void loadDriver(Order order, int seed) {
    CudaStatus status = CudaProbe.probe();
    assumeTrue(status.ready(), status.reason());
  }
}
