package dev.thermocline.kernels.cuda;

import static dev.thermocline.kernels.cuda.ArgumentType.ADDRESS;
import static dev.thermocline.kernels.cuda.ArgumentType.INT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Steady work on a stream creates no object on the Java heap. */
class CudaHeapTest {

  @Test
  void enqueueingAllocatesNothing() {
    EmulatedCuda.load();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (CudaFixture device = new CudaFixture();
        CudaEvent event = device.driver.event()) {
      CudaFunction add = device.module.function("vector_add", ADDRESS, ADDRESS, INT);
      PinnedMemory host = device.pinned(256);
      long x = device.device(256);
      try (LaunchArguments arguments = add.arguments()) {
        long bytes = -1;
        // The first rounds meet the addresses and link what is called for the first time.
        for (int round = 0; round < 5 && bytes != 0; round++) {
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < 100; i++) {
            device.driver.copyToDevice(x, host.address(), 256, device.stream);
            arguments.address(0, x).address(1, x).intValue(2, i % 64);
            add.launch(arguments, 1, 64, device.stream);
            device.driver.copyToHost(host.address(), x, 256, device.stream);
            device.stream.record(event);
            event.synchronize();
          }
          bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, bytes);
      }
    }
  }
}
