package dev.thermocline.engine.run;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.cuda.CudaBytes;
import dev.thermocline.kernels.cuda.CudaDriver;
import dev.thermocline.kernels.cuda.CudaException;
import dev.thermocline.kernels.cuda.CudaKernels;
import dev.thermocline.kernels.cuda.CudaOptions;
import dev.thermocline.kernels.cuda.CudaProbe;
import dev.thermocline.kernels.cuda.CudaStatus;
import dev.thermocline.kernels.cuda.CudaUnavailableException;
import dev.thermocline.predictor.placement.OutOfBudgetException;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An open GPU: driver and kernels, closed together. */
final class DeviceContext implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DeviceContext.class.getName());

  /** Left free by default, for the display and other programs. */
  private static final long RESERVE = 256L << 20;

  private final CudaDriver driver;
  private final CudaKernels kernels;

  private DeviceContext(CudaDriver driver, CudaKernels kernels) {
    this.driver = driver;
    this.kernels = kernels;
  }

  /**
   * Opens the GPU, or returns null where the CPU is to do without, after a line in the log if there
   * is a GPU that cannot be used.
   *
   * @throws CudaUnavailableException if the GPU was asked for and is not there
   * @throws CudaException if it was asked for and fails
   * @throws OutOfBudgetException if it may not take the memory that opening it needs
   */
  static @Nullable DeviceContext open(EngineOptions options) {
    if (options.device() == DeviceMode.CPU) {
      return null;
    }
    boolean required = options.device() == DeviceMode.CUDA;
    CudaStatus status = CudaProbe.probe();
    if (!status.ready()) {
      if (required) {
        throw new CudaUnavailableException(status);
      }
      LOG.log(Level.DEBUG, "no GPU: {0}", status.reason());
      return null;
    }
    checkBudget(options);
    try {
      return open(options.batch());
    } catch (CudaException e) {
      if (required) {
        throw e;
      }
      LOG.log(Level.WARNING, "the GPU cannot be used, the CPU does all: {0}", e.getMessage());
      return null;
    }
  }

  /** Not even opening the backend may take more than is allowed. */
  private static void checkBudget(EngineOptions options) {
    long least = CudaBytes.backend(CudaOptions.of(options.batch()));
    boolean planned = options.placement() == null && options.hotShare().isEmpty();
    if (planned && options.vram().isPresent() && options.vram().getAsLong() < least) {
      throw new OutOfBudgetException("device memory", least, 0, options.vram().getAsLong());
    }
  }

  private static DeviceContext open(int batch) {
    CudaDriver driver = CudaDriver.open();
    try {
      return new DeviceContext(driver, Kernels.cuda(driver, CudaOptions.of(batch)));
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  CudaKernels kernels() {
    return kernels;
  }

  /** Bytes that may be held in all: the option, or what is free or held already less a reserve. */
  long budget(OptionalLong asked) {
    return asked.orElseGet(() -> Math.max(0, driver.freeBytes() + kernels.deviceBytes() - RESERVE));
  }

  @Override
  public void close() {
    kernels.close();
    driver.close();
  }
}
