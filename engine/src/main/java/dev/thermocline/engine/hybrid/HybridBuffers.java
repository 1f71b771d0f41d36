package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * What crosses between host and device in a split feed-forward: shared by all layers, allocated
 * once.
 */
public final class HybridBuffers implements AutoCloseable {
  private final Kernels cpu;
  private final HostActivations hostResidual;
  private final HostActivations hostNormed;
  private final HostActivations hostPartial;
  private final @Nullable Device device;
  private final LayerClock clock;

  /** The device's side. */
  record Device(Kernels kernels, Activations normed, Activations partial) {}

  /**
   * Allocates for batches of {@code tokens}.
   *
   * @param gpu the device's kernels, or null where everything is computed on the CPU
   * @param clock of the layers; kept by the caller
   */
  public HybridBuffers(
      Kernels cpu, @Nullable Kernels gpu, int tokens, int nEmbd, LayerClock clock) {
    this.cpu = cpu;
    this.hostResidual = new HostActivations(tokens, nEmbd);
    this.hostNormed = new HostActivations(tokens, nEmbd);
    this.hostPartial = new HostActivations(tokens, nEmbd);
    this.device = gpu == null ? null : allocate(gpu, tokens, nEmbd);
    this.clock = clock;
  }

  private static Device allocate(Kernels gpu, int tokens, int nEmbd) {
    Activations normed = gpu.activations(tokens, nEmbd);
    try {
      return new Device(gpu, normed, gpu.activations(tokens, nEmbd));
    } catch (RuntimeException e) {
      normed.close();
      throw e;
    }
  }

  Kernels cpu() {
    return cpu;
  }

  HostActivations hostResidual() {
    return hostResidual;
  }

  HostActivations hostNormed() {
    return hostNormed;
  }

  HostActivations hostPartial() {
    return hostPartial;
  }

  LayerClock clock() {
    return clock;
  }

  @Nullable Device device() {
    return device;
  }

  @Override
  public void close() {
    if (device != null) {
      device.normed().close();
      device.partial().close();
    }
  }
}
