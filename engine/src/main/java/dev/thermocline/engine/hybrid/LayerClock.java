package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.cuda.CudaKernels;
import dev.thermocline.kernels.cuda.CudaStopwatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the times of layers. The host's clock is read twice a layer and around each wait; the
 * device's time is between marks in its stream, which are read when the host has waited for the
 * device anyway, so that timing adds no wait. With a device only some steps are timed, as marks
 * cost a few microseconds each. Used by the thread that computes; allocates nothing while it does.
 */
public final class LayerClock implements AutoCloseable {
  /** With a device, every so many steps one is timed. */
  private static final int DEVICE_PERIOD = 16;

  private final @Nullable CudaStopwatch device;
  private final int[] layerOf;
  private final long[] cpu;
  private final long[] gpu;
  private final long[] waits;
  private long tokens;
  private long steps;
  private boolean timed;
  private int layer;
  private boolean inside;
  private long entered;
  private int stretches;
  private boolean open;

  /**
   * Starts at zero.
   *
   * @param gpu the device's kernels, or null
   */
  public LayerClock(@Nullable Kernels gpu, int layers) {
    // Two stretches of a layer at most before the host waits, and one layer after the other may
    // do without a wait.
    this.device = gpu instanceof CudaKernels cuda ? cuda.stopwatch(2 * layers) : null;
    this.layerOf = new int[2 * layers];
    this.cpu = new long[layers];
    this.gpu = new long[layers];
    this.waits = new long[layers];
  }

  /** A step begins, of so many tokens. */
  public void begin(int n) {
    timed = device == null || steps % DEVICE_PERIOD == 0;
    steps++;
    tokens += timed ? n : 0;
    inside = false;
    open = false;
    stretches = 0;
  }

  /**
   * A layer begins.
   *
   * @param onDevice whether its attention is there
   */
  public void enter(int index, boolean onDevice) {
    if (timed) {
      layer = index;
      inside = true;
      entered = System.nanoTime();
      if (onDevice) {
        deviceBegins();
      }
    }
  }

  /** The layer has been asked for, and is done where it is the host's. */
  public void leave() {
    if (timed) {
      deviceEnds();
      cpu[layer] += System.nanoTime() - entered;
      inside = false;
    }
  }

  /** What the device is told from now on is the layer's. */
  void deviceBegins() {
    if (timed && device != null && !open) {
      open = true;
      layerOf[stretches] = layer;
      device.begin(stretches);
    }
  }

  /** Ends what {@link #deviceBegins} began, if it did. */
  void deviceEnds() {
    if (timed && device != null && open) {
      open = false;
      device.end(stretches++);
    }
  }

  /** Waits for a device. */
  public void await(Kernels kernels) {
    if (!timed) {
      kernels.synchronize();
      return;
    }
    deviceEnds();
    long from = System.nanoTime();
    kernels.synchronize();
    long nanos = System.nanoTime() - from;
    waits[layer] += nanos;
    cpu[layer] -= inside ? nanos : 0;
    readDevice();
  }

  private void readDevice() {
    if (device != null) {
      for (int i = 0; i < stretches; i++) {
        gpu[layerOf[i]] += device.nanos(i);
      }
    }
    stretches = 0;
  }

  /** What was taken so far, for each layer. */
  public List<LayerTimes> read() {
    List<LayerTimes> times = new ArrayList<>();
    for (int i = 0; i < cpu.length; i++) {
      times.add(new LayerTimes(tokens, cpu[i], gpu[i], waits[i]));
    }
    return times;
  }

  @Override
  public void close() {
    if (device != null) {
      device.close();
    }
  }
}
