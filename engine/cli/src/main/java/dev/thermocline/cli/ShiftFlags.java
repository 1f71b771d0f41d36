package dev.thermocline.cli;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.EngineOptions;
import picocli.CommandLine.Option;

/** What becomes of a full context: flags of the commands that generate. */
final class ShiftFlags {
  @Option(
      names = "--context-shift",
      description =
          "Goes on when the context is full: half of what is not kept goes, the rest moves up.")
  private boolean shift;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "First tokens that --context-shift keeps (${DEFAULT-VALUE}); -1 for the prompt.")
  private int keep = CacheOptions.DEFAULT.keep();

  EngineOptions in(EngineOptions options) {
    return shift ? options.withCache(options.cache().withShift(keep)) : options;
  }
}
