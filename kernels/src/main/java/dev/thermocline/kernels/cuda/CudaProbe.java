package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.thermocline.kernels.cuda.CudaStatus.State;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/**
 * Finds out whether a device can be used, without JCuda: its library resolves the driver's
 * functions when they are first called and ends the process if one is missing. Only when the driver
 * is there, new enough and has a device does anything of JCuda load.
 */
public final class CudaProbe {

  /** CUDA 12.0, which JCuda's library is built with. */
  static final int OLDEST_DRIVER = 12_000;

  private static final int NO_DEVICE = 100;

  private CudaProbe() {}

  /** Looks for the driver of this operating system. */
  public static CudaStatus probe() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return probe(windows ? "nvcuda.dll" : "libcuda.so.1");
  }

  /** Looks for a driver of that name, or at that path. */
  static CudaStatus probe(String library) {
    Optional<SymbolLookup> driver = NativeLibrary.find(library);
    if (driver.isEmpty()) {
      return new CudaStatus(State.NO_DRIVER, 0, "no NVIDIA driver: " + library + " is not found");
    }
    return probe(library, driver.get());
  }

  private static CudaStatus probe(String library, SymbolLookup driver) {
    Optional<MemorySegment> getVersion = driver.find("cuDriverGetVersion");
    Optional<MemorySegment> init = driver.find("cuInit");
    Optional<MemorySegment> getCount = driver.find("cuDeviceGetCount");
    if (getVersion.isEmpty() || init.isEmpty() || getCount.isEmpty()) {
      return new CudaStatus(State.NO_DRIVER, 0, library + " is not a CUDA driver");
    }
    int version = intResult(getVersion.get());
    if (version < OLDEST_DRIVER) {
      return new CudaStatus(
          State.DRIVER_TOO_OLD,
          version,
          "the NVIDIA driver supports CUDA %s, CUDA %s or newer is needed: update the driver"
              .formatted(display(version), display(OLDEST_DRIVER)));
    }
    int status = NativeLibrary.call(init.get(), 0);
    if (status != 0 && status != NO_DEVICE) {
      return new CudaStatus(
          State.NO_DEVICE, version, "the NVIDIA driver does not start: CUDA error " + status);
    }
    if (status == NO_DEVICE || intResult(getCount.get()) < 1) {
      return new CudaStatus(State.NO_DEVICE, version, "the NVIDIA driver finds no CUDA device");
    }
    if (!JCudaNatives.exist()) {
      return new CudaStatus(
          State.NO_DEVICE, version, "this build cannot use CUDA devices on this kind of machine");
    }
    return new CudaStatus(State.READY, version, "CUDA " + display(version));
  }

  /** The {@code int} that a function stores through its only parameter, 0 if it fails. */
  private static int intResult(MemorySegment function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(JAVA_INT);
      int status = NativeLibrary.call(function, result);
      return status == 0 ? result.get(JAVA_INT, 0) : 0;
    }
  }

  private static String display(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
