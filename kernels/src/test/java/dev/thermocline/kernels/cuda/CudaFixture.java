package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import java.util.ArrayList;
import java.util.List;

/** An open device with a stream and the conformance kernels, and memory that goes with them. */
final class CudaFixture implements AutoCloseable {

  final CudaDriver driver = CudaDriver.open();
  final CudaStream stream = driver.stream();
  final CudaModule module = driver.load(EmulatedCuda.conformance());
  private final List<DeviceMemory> onDevice = new ArrayList<>();
  private final List<PinnedMemory> onHost = new ArrayList<>();

  /** Device memory until the fixture closes. */
  long device(long bytes) {
    DeviceMemory memory = DeviceMemory.allocate(driver, bytes);
    onDevice.add(memory);
    return memory.address();
  }

  /** Device memory with these values. */
  long device(float... values) {
    long address = device(4L * values.length);
    try (PinnedMemory host = PinnedMemory.allocate(driver, 4L * values.length)) {
      for (int i = 0; i < values.length; i++) {
        host.segment().setAtIndex(JAVA_FLOAT, i, values[i]);
      }
      driver.copyToDevice(address, host.address(), 4L * values.length, stream);
      stream.synchronize();
    }
    return address;
  }

  /** Pinned memory until the fixture closes. */
  PinnedMemory pinned(long bytes) {
    PinnedMemory memory = PinnedMemory.allocate(driver, bytes);
    onHost.add(memory);
    return memory;
  }

  float[] floats(long address, int count) {
    try (PinnedMemory host = PinnedMemory.allocate(driver, 4L * count)) {
      driver.copyToHost(host.address(), address, 4L * count, stream);
      stream.synchronize();
      return host.segment().toArray(JAVA_FLOAT);
    }
  }

  int[] ints(long address, int count) {
    try (PinnedMemory host = PinnedMemory.allocate(driver, 4L * count)) {
      driver.copyToHost(host.address(), address, 4L * count, stream);
      stream.synchronize();
      return host.segment().toArray(JAVA_INT);
    }
  }

  /** A launch in words: addresses are {@code Long}s. */
  void launch(String kernel, int grid, int threads, int sharedBytes, Number... values) {
    ArgumentType[] types = new ArgumentType[values.length];
    for (int i = 0; i < values.length; i++) {
      types[i] = values[i] instanceof Long ? ArgumentType.ADDRESS : ArgumentType.INT;
    }
    CudaFunction function = module.function(kernel, types);
    try (LaunchArguments arguments = function.arguments()) {
      for (int i = 0; i < values.length; i++) {
        if (types[i] == ArgumentType.ADDRESS) {
          arguments.address(i, values[i].longValue());
        } else {
          arguments.intValue(i, values[i].intValue());
        }
      }
      function.launch(arguments, grid, 1, 1, threads, sharedBytes, stream);
    }
  }

  @Override
  public void close() {
    onDevice.forEach(DeviceMemory::close);
    onHost.forEach(PinnedMemory::close);
    module.close();
    stream.close();
    driver.close();
  }
}
