package dev.thermocline.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.kernels.cuda.CudaProbe;
import dev.thermocline.kernels.cuda.CudaStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The same on real hardware: {@code mvn test -Dgroups=gpu -DexcludedGroups=}. */
@Tag("gpu")
final class HybridGpuTest extends HybridContract {

  @BeforeEach
  void findDevice() {
    CudaStatus status = CudaProbe.probe();
    assumeTrue(status.ready(), status.reason());
  }

  @Override
  int variants() {
    return 1;
  }

  @Override
  String choose(int variant) {
    return "real device";
  }
}
