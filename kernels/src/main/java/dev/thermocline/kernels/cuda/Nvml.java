package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Reads memory and clocks of the first device through NVIDIA's management library. */
public final class Nvml {

  private static final int SM_CLOCK = 1;
  private static final int MEMORY_CLOCK = 2;
  private static final int VERSION_BYTES = 96;

  private final SymbolLookup library;
  private final Arena arena;

  private Nvml(SymbolLookup library, Arena arena) {
    this.library = library;
    this.arena = arena;
  }

  /**
   * The state of a device at one moment.
   *
   * @param driver version of the driver as NVIDIA numbers them, such as 535.104.05
   * @param totalBytes device memory
   * @param freeBytes of which nobody uses
   * @param smClockMhz of the multiprocessors
   * @param memoryClockMhz of the memory
   */
  public record Reading(
      String driver, long totalBytes, long freeBytes, int smClockMhz, int memoryClockMhz) {}

  /** Reads, or empty where the library is absent or does not answer. */
  public static Optional<Reading> read() {
    if (CudaLibraries.load(CudaLibraries.Library.NVML).isEmpty()) {
      return Optional.empty();
    }
    Optional<SymbolLookup> library = NativeLibrary.find(CudaLibraries.Library.NVML.file());
    try (Arena arena = Arena.ofConfined()) {
      return library.flatMap(found -> new Nvml(found, arena).readFirst());
    }
  }

  private Optional<Reading> readFirst() {
    if (call("nvmlInit_v2", FunctionDescriptor.of(JAVA_INT)) != 0) {
      return Optional.empty();
    }
    try {
      MemorySegment handle = arena.allocate(ADDRESS);
      FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
      if (call("nvmlDeviceGetHandleByIndex_v2", type, 0, handle) != 0) {
        return Optional.empty();
      }
      return readDevice(handle.get(ADDRESS, 0));
    } finally {
      call("nvmlShutdown", FunctionDescriptor.of(JAVA_INT));
    }
  }

  private Optional<Reading> readDevice(MemorySegment device) {
    MemorySegment memory = arena.allocate(JAVA_LONG, 3); // total, free, used
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
    if (call("nvmlDeviceGetMemoryInfo", type, device, memory) != 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Reading(
            driverVersion(),
            memory.getAtIndex(JAVA_LONG, 0),
            memory.getAtIndex(JAVA_LONG, 1),
            clock(device, SM_CLOCK),
            clock(device, MEMORY_CLOCK)));
  }

  private String driverVersion() {
    MemorySegment text = arena.allocate(VERSION_BYTES);
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
    call("nvmlSystemGetDriverVersion", type, text, VERSION_BYTES);
    return text.getString(0);
  }

  /** 0 where the device does not say. */
  private int clock(MemorySegment device, int which) {
    MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    call("nvmlDeviceGetClockInfo", type, device, which, value);
    return value.get(JAVA_INT, 0);
  }

  /** The function's status, or -1 if the library has no such function. */
  private int call(String name, FunctionDescriptor type, Object... arguments) {
    Optional<MemorySegment> symbol = library.find(name);
    if (symbol.isEmpty()) {
      return -1;
    }
    MethodHandle function = NativeLibrary.function(symbol.get(), type);
    return NativeLibrary.invoke(function, arguments);
  }
}
