package dev.thermocline.cli;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.kernels.KvFormat;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of every command that computes. */
final class EngineFlags {
  @Option(
      names = "--threads",
      paramLabel = "K",
      description = "CPU workers; all processors if left out.")
  private int threads;

  @Option(
      names = "--sparse",
      paramLabel = "MODE",
      description = "Which neurons may be left out: off, exact or auto (${DEFAULT-VALUE}).")
  private SparseMode sparse = SparseMode.AUTO;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "Where neurons are computed: cpu, cuda or auto (${DEFAULT-VALUE}).")
  private DeviceMode device = DeviceMode.AUTO;

  @Option(
      names = "--vram",
      paramLabel = "BYTES",
      description = "Device memory to use, such as 6G; what is free if left out.")
  private @Nullable String vram;

  @Option(
      names = "--hot-share",
      paramLabel = "X",
      description = "Forces a share of hot neurons, 0 to 1.")
  private @Nullable Double hotShare;

  @Option(
      names = "--ctx",
      paramLabel = "N",
      description = "Most tokens of a sequence; the model's own limit, up to 4096, if left out.")
  private int context;

  @Option(
      names = {"--cache-type", "--kv"},
      paramLabel = "TYPE",
      description = "Type of the key-value cache: f32, f16 or q8_0 (${DEFAULT-VALUE}).")
  private KvFormat cacheType = KvFormat.F32;

  @Option(
      names = "--no-memory-check",
      description = "Loads a model that this machine's memory cannot hold all the same.")
  private boolean noMemoryCheck;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  EngineOptions options() {
    EngineOptions options = EngineOptions.defaults();
    return options
        .withThreads(threads == 0 ? options.threads() : threads)
        .withSparse(sparse)
        .withDevice(device)
        .withVram(vram == null ? OptionalLong.empty() : OptionalLong.of(Bytes.parse(vram)))
        .withHotShare(hotShare == null ? OptionalDouble.empty() : OptionalDouble.of(hotShare))
        .withContext(context)
        .withCache(CacheOptions.DEFAULT.withFormat(cacheType))
        .withMemoryCheck(!noMemoryCheck);
  }
}
