package dev.thermocline.kernels.cuda;

import static dev.thermocline.kernels.cuda.ArgumentType.ADDRESS;
import static dev.thermocline.kernels.cuda.ArgumentType.FLOAT;
import static dev.thermocline.kernels.cuda.ArgumentType.INT;
import static dev.thermocline.kernels.cuda.ArgumentType.LONG;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The seam over whatever driver is loaded: everything here holds for a real device too. */
class CudaDriverTest {

  private @Nullable CudaFixture device;
  private CudaDriver driver;
  private CudaStream stream;
  private CudaModule module;

  @BeforeEach
  void open() {
    loadDriver();
    device = new CudaFixture();
    driver = device.driver;
    stream = device.stream;
    module = device.module;
  }

  /** Puts the driver in place; the run on real hardware leaves that to the system. */
  void loadDriver() {
    EmulatedCuda.load();
  }

  /** Also where opening has skipped the test. */
  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  @Test
  void addsVectors() {
    int n = 1000;
    CudaFunction add = module.function("vector_add", ADDRESS, ADDRESS, INT);
    try (DeviceMemory x = DeviceMemory.allocate(driver, 4L * n);
        DeviceMemory y = DeviceMemory.allocate(driver, 4L * n);
        PinnedMemory host = PinnedMemory.allocate(driver, 4L * n);
        LaunchArguments arguments = add.arguments()) {
      for (int i = 0; i < n; i++) {
        host.segment().setAtIndex(JAVA_FLOAT, i, i);
      }
      driver.copyToDevice(x.address(), host.address(), 4L * n, stream);
      driver.copyOnDevice(y.address(), x.address(), 4L * n, stream);
      arguments.address(0, x.address()).address(1, y.address()).intValue(2, n);
      add.launch(arguments, (n + 255) / 256, 256, stream);
      driver.copyToHost(host.address(), x.address(), 4L * n, stream);
      stream.synchronize();
      for (int i = 0; i < n; i++) {
        assertEquals(2f * i, host.segment().getAtIndex(JAVA_FLOAT, i));
      }
    }
  }

  @Test
  void passesEveryTypeOfArgument() {
    CudaFunction echo = module.function("echo_arguments", INT, LONG, FLOAT, INT, ADDRESS, ADDRESS);
    try (PinnedMemory floats = PinnedMemory.allocate(driver, 12);
        PinnedMemory longs = PinnedMemory.allocate(driver, 8);
        LaunchArguments arguments = echo.arguments()) {
      arguments.intValue(0, -7).longValue(1, 1L << 40).floatValue(2, 2.5f).intValue(3, 9);
      arguments.address(4, floats.deviceAddress()).address(5, longs.deviceAddress());
      echo.launch(arguments, 1, 1, stream);
      stream.synchronize();
      assertArrayEquals(new float[] {-7, 2.5f, 9}, floats.segment().toArray(JAVA_FLOAT));
      assertEquals(1L << 40, longs.segment().get(JAVA_LONG, 0));
    }
  }

  @Test
  void refusesOtherArgumentsThanThePtxDeclares() {
    Exception count =
        assertThrows(
            IllegalArgumentException.class, () -> module.function("vector_add", ADDRESS, INT));
    assertEquals(
        "vector_add: the PTX declares the parameters [u64, u64, u32],"
            + " the launch passes [ADDRESS, INT]",
        count.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> module.function("vector_add", ADDRESS, ADDRESS, LONG));
    assertThrows(
        IllegalArgumentException.class,
        () -> module.function("vector_add", ADDRESS, ADDRESS, FLOAT));
    assertThrows(IllegalArgumentException.class, () -> module.function("vector_sub", ADDRESS));
  }

  @Test
  void refusesArgumentsOfAnotherType() {
    CudaFunction add = module.function("vector_add", ADDRESS, ADDRESS, INT);
    CudaFunction sums = module.function("block_sums", ADDRESS, ADDRESS, INT);
    try (LaunchArguments arguments = add.arguments()) {
      Exception type =
          assertThrows(IllegalArgumentException.class, () -> arguments.longValue(2, 1));
      assertEquals("vector_add: argument 2 is of type INT, set as LONG", type.getMessage());
      assertThrows(IllegalArgumentException.class, () -> sums.launch(arguments, 1, 256, stream));
    }
  }

  @Test
  void clearsAndCopiesPageableMemory() {
    try (DeviceMemory memory = DeviceMemory.allocate(driver, 64);
        Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(64);
      host.fill((byte) 5);
      driver.copyToDevice(memory.address(), host.address(), 64, stream);
      driver.clear(memory.address() + 16, 16, stream);
      driver.copyToHost(host.address(), memory.address(), 64, stream);
      stream.synchronize();
      for (int i = 0; i < 64; i++) {
        assertEquals(i / 16 == 1 ? 0 : 5, host.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i));
      }
    }
  }

  @Test
  void ordersStreamsByEvents() {
    CudaFunction add = module.function("vector_add", ADDRESS, ADDRESS, INT);
    try (CudaStream other = driver.stream();
        CudaEvent ready = driver.event();
        CudaEvent done = driver.event();
        PinnedMemory host = PinnedMemory.allocate(driver, 4);
        DeviceMemory x = DeviceMemory.allocate(driver, 4);
        LaunchArguments arguments = add.arguments()) {
      assertTrue(done.isDone());
      host.segment().set(JAVA_FLOAT, 0, 3);
      driver.copyToDevice(x.address(), host.address(), 4, stream);
      stream.record(ready);
      other.waitFor(ready);
      arguments.address(0, x.address()).address(1, x.address()).intValue(2, 1);
      add.launch(arguments, 1, 1, other);
      driver.copyToHost(host.address(), x.address(), 4, other);
      other.record(done);
      done.synchronize();
      assertTrue(done.isDone());
      assertEquals(6f, host.segment().get(JAVA_FLOAT, 0));
      stream.synchronize();
      assertTrue(stream.isIdle());
    }
  }

  @Test
  void timesWhatIsBetweenTwoEvents() {
    CudaFunction add = module.function("vector_add", ADDRESS, ADDRESS, INT);
    try (CudaEvent before = driver.timedEvent();
        CudaEvent after = driver.timedEvent();
        CudaEvent untimed = driver.event();
        DeviceMemory x = DeviceMemory.allocate(driver, 4);
        LaunchArguments arguments = add.arguments()) {
      arguments.address(0, x.address()).address(1, x.address()).intValue(2, 1);
      long started = System.nanoTime();
      stream.record(before);
      for (int i = 0; i < 64; i++) {
        add.launch(arguments, 1, 1, stream);
      }
      stream.record(after);
      stream.record(untimed);
      stream.synchronize();
      long nanos = after.nanosSince(before);
      assertTrue(nanos > 0 && nanos <= System.nanoTime() - started + 1000, nanos + " ns");
      assertThrows(CudaException.class, () -> untimed.nanosSince(before));
    }
  }

  @Test
  void replaysACapture() {
    CudaFunction add = module.function("vector_add", ADDRESS, ADDRESS, INT);
    try (PinnedMemory host = PinnedMemory.allocate(driver, 8);
        DeviceMemory x = DeviceMemory.allocate(driver, 8);
        LaunchArguments arguments = add.arguments()) {
      host.segment().set(JAVA_FLOAT, 0, 1);
      host.segment().set(JAVA_FLOAT, 4, 10);
      arguments.address(0, x.address()).address(1, x.address() + 4).intValue(2, 1);
      driver.copyToDevice(x.address(), host.address(), 8, stream);
      stream.synchronize();
      stream.beginCapture();
      add.launch(arguments, 1, 32, stream);
      driver.copyToHost(host.address(), x.address(), 4, stream);
      try (CudaGraph graph = stream.endCapture()) {
        // Nothing has run, and the graph keeps the arguments it was captured with.
        assertEquals(1f, host.segment().get(JAVA_FLOAT, 0));
        arguments.intValue(2, 0);
        for (int run = 1; run <= 3; run++) {
          graph.launch(stream);
          stream.synchronize();
          assertEquals(1f + 10 * run, host.segment().get(JAVA_FLOAT, 0));
        }
      }
    }
  }

  @Test
  void describesTheDevice() {
    CudaDevice properties = driver.device();
    assertFalse(properties.name().isEmpty());
    assertTrue(properties.computeCapability() >= 75);
    assertTrue(properties.totalBytes() >= driver.freeBytes());
    assertTrue(properties.maxSharedBytes() >= 48 << 10);
  }

  @Test
  void namesWhatWasAskedForWhenMemoryIsShort() {
    long bytes = 1L << 50;
    CudaException e = assertThrows(CudaException.class, () -> driver.allocate(bytes));
    assertTrue(e.outOfMemory());
    assertEquals("CUDA_ERROR_OUT_OF_MEMORY", e.error());
    assertEquals(bytes, e.bytesAsked());
    assertTrue(e.bytesFree() > 0);
  }

  @Test
  void useTheDriverFromAnyThread() throws InterruptedException {
    long[] address = new long[1];
    Thread thread = new Thread(() -> address[0] = driver.allocate(16));
    thread.start();
    thread.join();
    assertTrue(address[0] != 0);
    driver.free(address[0]);
  }
}
