package dev.thermocline.kernels.cuda;

import static dev.thermocline.kernels.cuda.ArgumentType.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Mode;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mistakes in kernels and in their use, which the emulated device must show. */
class EmulatedDeviceTest {

  private EmulatedCuda emulator;
  private CudaFixture device;

  @BeforeEach
  void open() {
    emulator = EmulatedCuda.load();
    device = new CudaFixture();
  }

  /** Also where opening has skipped the test. */
  @AfterEach
  void close() {
    if (device != null) {
      emulator.reset();
      device.close();
    }
  }

  private CudaException failure(Runnable launch) {
    return assertThrows(
        CudaException.class,
        () -> {
          launch.run();
          device.stream.synchronize();
        });
  }

  private void assertFails(String error, String message, Runnable launch) {
    assertEquals(error, failure(launch).error());
    assertTrue(emulator.message().contains(message), emulator.message());
  }

  private float[] racySums(Order order) {
    emulator.order(order, 0);
    float[] ones = new float[512];
    Arrays.fill(ones, 1);
    long out = device.device(8);
    device.launch("racy_sums", 2, 256, 0, device.device(ones), out, 512);
    return device.floats(out, 2);
  }

  @Test
  void aForgottenBarrierShowsInOneDirection() {
    float right = 256;
    boolean forward = racySums(Order.FORWARD)[0] == right;
    boolean reverse = racySums(Order.REVERSE)[0] == right;
    assertNotEquals(forward, reverse);
  }

  @Test
  void aDivergentBarrierIsADeadlock() {
    long out = device.device(128);
    assertFails(
        "CUDA_ERROR_LAUNCH_FAILED",
        "deadlock: 16 threads wait at __syncthreads, 16 at a collective",
        () -> device.launch("divergent_barrier", 1, 32, 0, out));
  }

  @Test
  void aLaneOutsideItsMaskIsNamed() {
    long out = device.device(128);
    assertFails(
        "CUDA_ERROR_LAUNCH_FAILED",
        "thread (16,0,0): a lane calls a collective whose mask leaves it out",
        () -> device.launch("wrong_mask", 1, 32, 0, out));
  }

  @Test
  void anAccessBeyondAnAllocationEndsTheKernelOnly() {
    long x = device.device(256);
    assertFails(
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "0 bytes past the end of an allocation of 256 bytes",
        () -> device.launch("beyond_end", 1, 32, 0, x, 64));
    // The process goes on, with the virtual machine's own use of such faults.
    String none = System.getProperty("no such property");
    assertThrows(NullPointerException.class, () -> none.length());
    // The device does not, until it is reset.
    assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", failure(() -> {}).error());
    assertThrows(CudaException.class, () -> device.device(16));
  }

  @Test
  void anAccessBeyondSharedMemoryFaults() {
    long out = device.device(128);
    assertFails(
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "memory fault",
        () -> device.launch("beyond_shared", 1, 32, 128, out, 32));
  }

  @Test
  void freedMemoryFaults() {
    DeviceMemory x = DeviceMemory.allocate(device.driver, 256);
    long address = x.address();
    x.close();
    assertFails(
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "memory fault",
        () -> device.launch("beyond_end", 1, 32, 0, address, 0));
  }

  @Test
  void newMemoryIsPoisoned() {
    assertTrue(Float.isNaN(device.floats(device.device(64), 16)[7]));
    assertTrue(Float.isNaN(device.pinned(64).segment().get(JAVA_FLOAT, 0)));
  }

  @Test
  void sharedMemoryIsPoisonedBeforeEachBlock() {
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    long out = device.device(128);
    device.launch("block_sums", 1, 256, 0, device.device(ones), out, 256);
    device.launch("unset_shared", 1, 32, 0, out);
    assertTrue(Float.isNaN(device.floats(out, 32)[31]));
  }

  @Test
  void aCopyBeyondAnAllocationIsRefused() {
    long x = device.device(64);
    PinnedMemory host = device.pinned(128);
    CudaException e =
        assertThrows(
            CudaException.class,
            () -> device.driver.copyToDevice(x, host.address(), 128, device.stream));
    assertEquals("CUDA_ERROR_INVALID_VALUE", e.error());
    assertEquals("cuMemcpyHtoDAsync", e.call());
  }

  @Test
  void shapesBeyondTheDeviceAreRefused() {
    long out = device.device(128);
    assertThrows(CudaException.class, () -> device.launch("collectives", 1, 1025, 0, out));
    assertThrows(CudaException.class, () -> device.launch("collectives", 0, 32, 0, out));
    assertThrows(CudaException.class, () -> device.launch("reverse", 1, 32, 60_000, out, out));
    CudaFunction reverse = device.module.function("reverse", ADDRESS, ADDRESS);
    assertThrows(CudaException.class, () -> reverse.allowSharedBytes(1 << 20));
  }

  @Test
  void lazyWorkRunsWhenSomethingWaits() {
    emulator.mode(Mode.LAZY);
    long x = device.device(1f, 2f);
    PinnedMemory host = device.pinned(8);
    host.segment().fill((byte) 0);
    device.driver.copyToHost(host.address(), x, 8, device.stream);
    assertEquals(0f, host.segment().get(JAVA_FLOAT, 4));
    assertFalse(device.stream.isIdle());
    device.stream.synchronize();
    assertEquals(2f, host.segment().get(JAVA_FLOAT, 4));
    assertTrue(device.stream.isIdle());
  }

  @Test
  void lazyCopiesReadPinnedMemoryLate() {
    emulator.mode(Mode.LAZY);
    long x = device.device(8);
    PinnedMemory host = device.pinned(8);
    host.segment().set(JAVA_FLOAT, 0, 1);
    device.driver.copyToDevice(x, host.address(), 4, device.stream);
    host.segment().set(JAVA_FLOAT, 0, 2);
    assertEquals(2f, device.floats(x, 1)[0]);
  }

  @Test
  void pollingAnEventMakesLazyWorkAdvance() {
    emulator.mode(Mode.LAZY);
    long x = device.device(64);
    try (CudaEvent event = device.driver.event()) {
      device.driver.clear(x, 64, device.stream);
      device.stream.record(event);
      int polls = 0;
      while (!event.isDone()) {
        polls++;
      }
      assertTrue(polls >= 1 && polls < 5, polls + " polls");
    }
  }

  @Test
  void captureForbidsWaitingAndAllocating() {
    device.stream.beginCapture();
    assertThrows(CudaException.class, () -> device.stream.synchronize());
    assertThrows(CudaException.class, () -> device.device(16));
    device.stream.endCapture().close();
    device.stream.synchronize();
  }

  @Test
  void everythingIsCounted() {
    long x = device.device(64);
    PinnedMemory host = device.pinned(64);
    emulator.reset();
    device.driver.copyToDevice(x, host.address(), 64, device.stream);
    device.driver.copyToHost(host.address(), x, 16, device.stream);
    device.launch("beyond_end", 1, 1, 0, x, 0);
    device.stream.synchronize();
    assertEquals(64, emulator.counter(Counter.TO_DEVICE_BYTES));
    assertEquals(16, emulator.counter(Counter.TO_HOST_BYTES));
    assertEquals(2, emulator.counter(Counter.COPIES));
    assertEquals(0, emulator.counter(Counter.PAGEABLE_COPIES));
    assertEquals(1, emulator.counter(Counter.LAUNCHES));
    assertEquals(1, emulator.counter(Counter.SYNCHRONIZATIONS));
  }
}
