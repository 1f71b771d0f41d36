package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failures of the driver: each call's exception, and nothing left behind. */
class CudaFaultTest {

  private static final List<Counter> LIVE =
      List.of(
          Counter.LIVE_DEVICE_BYTES,
          Counter.LIVE_DEVICE_ALLOCATIONS,
          Counter.LIVE_PINNED_ALLOCATIONS,
          Counter.LIVE_STREAMS,
          Counter.LIVE_EVENTS,
          Counter.LIVE_MODULES,
          Counter.LIVE_GRAPHS);

  /** A little of everything; closes all it opens, whatever happens. */
  private static void work() {
    try (CudaDriver driver = CudaDriver.open();
        CudaStream stream = driver.stream();
        CudaEvent event = driver.event();
        CudaModule module = driver.load(EmulatedCuda.conformance());
        PinnedMemory host = PinnedMemory.allocate(driver, 64);
        DeviceMemory x = DeviceMemory.allocate(driver, 64)) {
      CudaFunction sums =
          module.function(
              "block_sums", ArgumentType.ADDRESS, ArgumentType.ADDRESS, ArgumentType.INT);
      try (LaunchArguments arguments = sums.arguments()) {
        arguments.address(0, x.address()).address(1, x.address()).intValue(2, 16);
        driver.copyToDevice(x.address(), host.address(), 64, stream);
        stream.beginCapture();
        sums.launch(arguments, 1, 256, stream);
        try (CudaGraph graph = stream.endCapture()) {
          graph.launch(stream);
          stream.record(event);
          event.synchronize();
        }
        driver.copyToHost(host.address(), x.address(), 64, stream);
        stream.synchronize();
      }
    }
  }

  private static List<Long> live(EmulatedCuda emulator) {
    return LIVE.stream().map(emulator::counter).toList();
  }

  @Test
  void nothingLeaksWhicheverCallFails() {
    EmulatedCuda emulator = EmulatedCuda.load();
    List<Long> before = live(emulator);
    work();
    assertEquals(before, live(emulator));
    int failures = 0;
    for (Fault kind : Fault.values()) {
      for (int nth = 1; nth <= 20; nth++) {
        emulator.reset();
        emulator.fail(kind, nth);
        try {
          work();
        } catch (CudaException e) {
          failures++;
        }
        emulator.reset();
        assertEquals(before, live(emulator), kind + " " + nth);
      }
    }
    // 2 allocations, 2 copies, 2 launches, 2 synchronisations, 7 others; all once more as any.
    assertEquals(30, failures);
  }

  @Test
  void aFaultStrikesOnce() {
    EmulatedCuda emulator = EmulatedCuda.load();
    emulator.fail(Fault.SYNCHRONIZATION, 2);
    CudaException e = assertThrows(CudaException.class, CudaFaultTest::work);
    assertEquals("cuStreamSynchronize", e.call());
    assertFalse(e.outOfMemory());
    assertEquals(-1, e.bytesAsked());
    work();
  }

  @Test
  void aLostDeviceStaysLost() {
    EmulatedCuda emulator = EmulatedCuda.load();
    try (CudaFixture device = new CudaFixture()) {
      emulator.loseDevice(Fault.COPY, 1);
      assertThrows(CudaException.class, () -> device.device(1f));
      assertThrows(CudaException.class, () -> device.stream.synchronize());
      assertThrows(CudaException.class, () -> device.driver.freeBytes());
    } finally {
      emulator.reset();
    }
  }

  @Test
  void memoryIsLimited() {
    EmulatedCuda emulator = EmulatedCuda.load();
    emulator.memoryBytes(1000);
    try (CudaFixture device = new CudaFixture()) {
      device.device(600);
      CudaException e = assertThrows(CudaException.class, () -> device.device(500));
      assertTrue(e.outOfMemory());
      assertEquals(500, e.bytesAsked());
      assertEquals(400, e.bytesFree());
      assertEquals(
          "cuMemAlloc failed: CUDA_ERROR_OUT_OF_MEMORY, asked for 500 bytes,"
              + " the device has 400 free",
          e.getMessage());
      device.device(400);
    }
  }
}
