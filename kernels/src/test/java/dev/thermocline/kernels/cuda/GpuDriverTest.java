package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;

/** The seam over real hardware: {@code mvn test -Dgroups=gpu -DexcludedGroups=}. */
@Tag("gpu")
class GpuDriverTest extends CudaDriverTest {

  @Override
  void loadDriver() {
    CudaStatus status = CudaProbe.probe();
    assumeTrue(status.ready(), status.reason());
  }
}
