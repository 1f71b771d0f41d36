package dev.thermocline.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InsufficientMemoryException;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.TestModels;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimate is what loading then allocates, and what cannot fit is refused with the figures. */
class MemoryEstimateTest {
  private static final EngineOptions OPTIONS =
      EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(1).withContext(100);

  @TempDir Path folder;

  @Test
  void cacheIsWhatLoadingAllocates() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      for (EngineOptions options :
          List.of(
              OPTIONS,
              OPTIONS.withCache(CacheOptions.DEFAULT.withFormat(KvFormat.F16)),
              OPTIONS.withSequences(3))) {
        MemoryEstimate estimate = MemoryEstimate.of(model, options);
        assertEquals(Files.size(model.path()), estimate.weights());
        try (EngineRunner runner = EngineRunner.load(model, options)) {
          assertEquals(runner.runner().layers().cacheBytes(), estimate.cache());
        }
      }
    }
  }

  @Test
  void copiesAreTransposedDownProjections() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      // Three layers of 160 neurons and width 64, Q8_0 as F16.
      assertEquals(3 * 160 * 64 * 2, MemoryEstimate.of(model, OPTIONS).copies());
      assertEquals(0, MemoryEstimate.of(model, OPTIONS.withSparse(SparseMode.OFF)).copies());
    }
  }

  @Test
  void refusesWithTheFigures() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      MemoryEstimate estimate = new MemoryEstimate(8L << 30, 1L << 30, 4L << 30, 1L << 30);
      HostMemory host = new HostMemory(12L << 30, 11L << 30);
      InsufficientMemoryException refusal =
          assertThrows(
              InsufficientMemoryException.class, () -> estimate.requireFits(model, 4096, host, 0));
      assertEquals(14L << 30, refusal.neededBytes());
      assertEquals(12L << 30, refusal.presentBytes());
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("14.00 GiB of memory (weights 8.00 GiB"), message);
      assertTrue(message.contains("this machine has 12.00 GiB"), message);
      // Half of the cache is left.
      assertTrue(message.contains("a context of 2048 tokens would fit"), message);
    }
  }

  @Test
  void whatADeviceHoldsNeedNotFit() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      MemoryEstimate estimate = new MemoryEstimate(20L << 30, 0, 1L << 30, 1L << 30);
      HostMemory host = new HostMemory(12L << 30, 11L << 30);
      estimate.requireFits(model, 4096, host, 10L << 30);
      InsufficientMemoryException refusal =
          assertThrows(
              InsufficientMemoryException.class, () -> estimate.requireFits(model, 4096, host, 0));
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("too large at any context"), message);
    }
  }

  @Test
  void loadingRefuses() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      EngineOptions tooLong = OPTIONS.withContext(1 << 20).withSequences(1024);
      assertThrows(InsufficientMemoryException.class, () -> EngineRunner.load(model, tooLong));
    }
  }

  @Test
  void thisMachineHasMemory() {
    HostMemory host = HostMemory.read();
    assertTrue(host.total() > 1 << 28, host.toString());
    assertTrue(host.available() > 0 && host.available() <= host.total(), host.toString());
  }
}
