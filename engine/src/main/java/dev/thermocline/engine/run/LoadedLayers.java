package dev.thermocline.engine.run;

import dev.thermocline.engine.hybrid.HybridBuffers;
import dev.thermocline.engine.hybrid.LayerClock;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.MixtureOfExperts;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.models.layers.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model's layers, each in the backend of its attention, with what they share. Owns all of it. */
public final class LoadedLayers implements AutoCloseable {
  private final List<Layer> layers = new ArrayList<>();
  private final Workspace hostWorkspace;
  private final LayerClock clock;
  private final HybridBuffers buffers;
  private final MixtureOfExperts.@Nullable Buffers expertBuffers;
  private final @Nullable Workspace deviceWorkspace;
  private final @Nullable Kernels device;
  private final @Nullable Activations deviceHidden;

  private record Layer(
      Kernels kernels, TransformerBlock block, FeedForward feedForward, KvCache cache) {}

  /**
   * Starts empty, with the memory that the layers share.
   *
   * @param device the GPU's kernels, or null; kept by the caller
   * @param onDevice whether some layer's attention will be there
   */
  public LoadedLayers(
      Kernels cpu, @Nullable Kernels device, Model model, int tokens, boolean onDevice) {
    ModelConfig config = model.config();
    this.device = device;
    this.expertBuffers = model.expertBuffers(tokens);
    this.hostWorkspace = new Workspace(cpu, config, tokens);
    try (Parts parts = new Parts()) {
      this.clock = parts.keep(new LayerClock(device, config.nLayer()));
      this.buffers = parts.keep(new HybridBuffers(cpu, device, tokens, config.nEmbd(), clock));
      Kernels home = onDevice ? device : null;
      this.deviceWorkspace = home == null ? null : parts.keep(new Workspace(home, config, tokens));
      this.deviceHidden =
          home == null ? null : parts.keep(home.activations(tokens, config.nEmbd()));
      parts.release();
    }
  }

  LayerClock clock() {
    return clock;
  }

  HybridBuffers buffers() {
    return buffers;
  }

  Workspace hostWorkspace() {
    return hostWorkspace;
  }

  MixtureOfExperts.@Nullable Buffers expertBuffers() {
    return expertBuffers;
  }

  /** Adds the next layer and takes ownership of its parts. */
  public void add(Kernels kernels, TransformerBlock block, FeedForward feedForward, KvCache cache) {
    layers.add(new Layer(kernels, block, feedForward, cache));
  }

  public int count() {
    return layers.size();
  }

  Kernels kernels(int layer) {
    return layers.get(layer).kernels();
  }

  Kernels device() {
    return Objects.requireNonNull(device);
  }

  Activations deviceHidden() {
    return Objects.requireNonNull(deviceHidden);
  }

  void forward(int layer, Activations hidden, TokenBatch batch, @Nullable Rope rope) {
    Layer part = layers.get(layer);
    Workspace workspace =
        part.kernels() == device ? Objects.requireNonNull(deviceWorkspace) : hostWorkspace;
    clock.enter(layer, part.kernels() == device);
    part.block().forward(hidden, batch, part.cache(), rope, workspace);
    clock.leave();
  }

  void move(int layer, TokenBatch moves, @Nullable Rope turn) {
    Layer part = layers.get(layer);
    part.kernels().move(part.cache(), moves, turn);
  }

  /** Bytes of a page of all layers. */
  long pageBytes() {
    return layers.stream().mapToLong(l -> pageBytes(l.cache())).sum();
  }

  private static long pageBytes(KvCache cache) {
    return cache.shape().pageKeyBytes() + cache.shape().pageValueBytes();
  }

  void readPage(int page, MemorySegment to) {
    long at = 0;
    for (Layer layer : layers) {
      long bytes = pageBytes(layer.cache());
      layer.cache().readPage(page, to.asSlice(at, bytes));
      at += bytes;
    }
  }

  void writePage(int page, MemorySegment from) {
    long at = 0;
    for (Layer layer : layers) {
      long bytes = pageBytes(layer.cache());
      layer.cache().writePage(page, from.asSlice(at, bytes));
      at += bytes;
    }
  }

  /** What the layers computed so far. */
  LayerStatistics statistics() {
    List<NeuronStatistics> readings = new ArrayList<>();
    for (Layer layer : layers) {
      NeuronStatistics reading = NeuronStatistics.of(layer.feedForward());
      if (reading != null) {
        readings.add(reading);
      }
    }
    return new LayerStatistics(readings, clock.read());
  }

  /** Bytes of all key-value caches. */
  public long cacheBytes() {
    return layers.stream().mapToLong(l -> l.cache().bytes()).sum();
  }

  @Override
  public void close() {
    for (Layer layer : layers) {
      layer.block().close();
      layer.feedForward().close();
      layer.cache().close();
    }
    layers.clear();
    hostWorkspace.close();
    buffers.close();
    clock.close();
    if (deviceWorkspace != null) {
      deviceWorkspace.close();
    }
    if (deviceHidden != null) {
      deviceHidden.close();
    }
  }
}
