package dev.thermocline.engine;

import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is set up.
 *
 * @param threads CPU workers
 * @param sparse which neurons may be left out
 * @param device where neurons may be computed
 * @param vram bytes of device memory that may be used, empty for what is free less a reserve
 * @param hotShare forces a share of hot neurons in every layer, from 0 to 1; empty lets the solver
 *     place
 * @param context most tokens of a sequence, 0 for the model's own limit, at most 4096
 * @param sequences most sequences at a time
 * @param batch most tokens of a forward pass
 * @param cache how keys and values are kept
 * @param memoryCheck whether a model that this machine cannot hold is refused; without, the system
 *     may page
 * @param placement fixes what is where on a GPU, or null to let the solver place
 */
public record EngineOptions(
    int threads,
    SparseMode sparse,
    DeviceMode device,
    OptionalLong vram,
    OptionalDouble hotShare,
    int context,
    int sequences,
    int batch,
    CacheOptions cache,
    boolean memoryCheck,
    @Nullable NeuronPlacement placement) {

  public EngineOptions {
    check("threads", threads, 1, 1024);
    check("context", context, 0, 1 << 20);
    check("sequences", sequences, 1, 1024);
    check("batch", batch, 1, 4096);
    vram.ifPresent(v -> check("vram", v, 0, Long.MAX_VALUE));
    if (hotShare.isPresent() && !(hotShare.getAsDouble() >= 0 && hotShare.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          "hot share: expected 0 to 1, got " + hotShare.getAsDouble());
    }
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + most + ", got " + value);
    }
  }

  /** All processors, everything automatic, one sequence. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        WorkerPool.defaultThreads(),
        SparseMode.AUTO,
        DeviceMode.AUTO,
        OptionalLong.empty(),
        OptionalDouble.empty(),
        0,
        1,
        64,
        CacheOptions.DEFAULT,
        true,
        null);
  }

  public EngineOptions withThreads(int value) {
    return new EngineOptions(
        value,
        sparse,
        device,
        vram,
        hotShare,
        context,
        sequences,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withSparse(SparseMode value) {
    return new EngineOptions(
        threads,
        value,
        device,
        vram,
        hotShare,
        context,
        sequences,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withDevice(DeviceMode value) {
    return new EngineOptions(
        threads,
        sparse,
        value,
        vram,
        hotShare,
        context,
        sequences,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withVram(OptionalLong value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        value,
        hotShare,
        context,
        sequences,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withHotShare(OptionalDouble value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        vram,
        value,
        context,
        sequences,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withContext(int value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        vram,
        hotShare,
        value,
        sequences,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withSequences(int value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        vram,
        hotShare,
        context,
        value,
        batch,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withBatch(int value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        vram,
        hotShare,
        context,
        sequences,
        value,
        cache,
        memoryCheck,
        placement);
  }

  public EngineOptions withCache(CacheOptions value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        vram,
        hotShare,
        context,
        sequences,
        batch,
        value,
        memoryCheck,
        placement);
  }

  public EngineOptions withMemoryCheck(boolean value) {
    return new EngineOptions(
        threads, sparse, device, vram, hotShare, context, sequences, batch, cache, value,
        placement);
  }

  public EngineOptions withPlacement(NeuronPlacement value) {
    return new EngineOptions(
        threads,
        sparse,
        device,
        vram,
        hotShare,
        context,
        sequences,
        batch,
        cache,
        memoryCheck,
        value);
  }
}
