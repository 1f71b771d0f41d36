package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.CudaStatus.State;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CudaProbeTest {

  @Test
  void withoutDriver() {
    CudaStatus status = CudaProbe.probe("libno-such-driver.so.1");
    assertEquals(State.NO_DRIVER, status.state());
    assertEquals("no NVIDIA driver: libno-such-driver.so.1 is not found", status.reason());
  }

  @Test
  void withALibraryThatIsNoDriver() {
    CudaStatus status = CudaProbe.probe("libm.so.6");
    assertEquals(State.NO_DRIVER, status.state());
    assertEquals("libm.so.6 is not a CUDA driver", status.reason());
  }

  @Test
  void withoutDevice() {
    EmulatedCuda emulator = EmulatedCuda.load();
    emulator.devices(0);
    CudaStatus status = CudaProbe.probe();
    assertEquals(State.NO_DEVICE, status.state());
    assertEquals("the NVIDIA driver finds no CUDA device", status.reason());
    Exception e = assertThrows(CudaUnavailableException.class, CudaDriver::open);
    assertEquals(status.reason(), e.getMessage());
  }

  @Test
  void withAnOldDriver() {
    EmulatedCuda emulator = EmulatedCuda.load();
    emulator.driverVersion(11_040);
    CudaStatus status = CudaProbe.probe();
    assertEquals(State.DRIVER_TOO_OLD, status.state());
    assertEquals(11_040, status.driverVersion());
    assertEquals(
        "the NVIDIA driver supports CUDA 11.4, CUDA 12.0 or newer is needed: update the driver",
        status.reason());
  }

  @Test
  void withADevice() {
    EmulatedCuda.load();
    CudaStatus status = CudaProbe.probe();
    assertTrue(status.ready());
    assertEquals("CUDA 12.6", status.reason());
  }

  /** What the child process runs. */
  static final class Child {
    public static void main(String[] arguments) {
      CudaProbe.probe("libno-such-driver.so.1");
      long start = System.nanoTime();
      CudaStatus status = CudaProbe.probe("libno-such-driver.so.1");
      System.out.println(status.state() + " " + (System.nanoTime() - start) / 1_000_000);
    }
  }

  @Test
  void withoutDriverNothingOfJCudaLoads() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertFalse(output.contains("jcuda."), "a JCuda class was loaded");
    assertTrue(output.lines().anyMatch(line -> line.matches("NO_DRIVER \\d")), "took too long");
  }
}
