package dev.thermocline.engine.run;

import com.sun.management.OperatingSystemMXBean;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.ModelConfig;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Refuses key-value caches that this machine has no memory for, before anything is loaded. */
final class HostMemory {
  private HostMemory() {}

  /**
   * Checks the caches of all layers.
   *
   * @throws IllegalArgumentException if they are larger than the memory of the machine (or of the
   *     container)
   */
  static void check(ModelConfig config, EngineOptions options, int context) {
    PageBudget pages = PageBudget.of(options, context);
    KvFormat format = options.cache().format();
    double needed = (double) config.nLayer() * config.kvShape(pages.total(), format).bytes();
    long there = totalBytes();
    if (needed > there) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "context: the keys and values of %d tokens as %s take %.1f GiB, this machine has %.1f"
                  + " GiB; fewer tokens or a smaller type take less",
              (long) pages.total() * TokenBatch.PAGE,
              format,
              needed / (1L << 30),
              (double) there / (1L << 30)));
    }
  }

  private static long totalBytes() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }
}
