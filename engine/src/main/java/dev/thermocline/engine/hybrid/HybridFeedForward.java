package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Weights;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.predictor.Selector;
import dev.thermocline.predictor.SelectorInput;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward block whose hot neurons are on the GPU and whose cold ones are on the CPU,
 * computed at the same time: the input goes over once, one partial output comes back, one addition
 * merges them, and the host waits once. Without hot neurons it is the sparse feed-forward of the
 * CPU.
 */
public final class HybridFeedForward implements FeedForward {
  private final Kernels home;
  private final HybridBuffers buffers;
  private final @Nullable NeuronBlock hot;
  private final @Nullable NeuronBlock cold;
  private final Selector selector;
  private final @Nullable Weights downBias;
  private final @Nullable ShadowCheck shadow;
  private long tokens;

  /**
   * Joins the parts and takes ownership of blocks, selector, bias and check.
   *
   * @param home backend of the layer's attention, where input and output are
   * @param hot neurons on the device, or null
   * @param cold neurons on the CPU, or null
   * @param downBias in the memory of {@code home}, or null
   * @param shadow of the selector, or null
   */
  public HybridFeedForward(
      Kernels home,
      HybridBuffers buffers,
      @Nullable NeuronBlock hot,
      @Nullable NeuronBlock cold,
      Selector selector,
      @Nullable Weights downBias,
      @Nullable ShadowCheck shadow) {
    this.home = home;
    this.buffers = buffers;
    this.hot = hot;
    this.cold = cold;
    this.selector = selector;
    this.downBias = downBias;
    this.shadow = shadow;
    if (hot != null) {
      hot.cutoffs(selector.cutoffs());
    }
    if (cold != null) {
      cold.cutoffs(selector.cutoffs());
    }
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    tokens += n;
    if (home == buffers.cpu()) {
      onHost((HostActivations) residual, (HostActivations) normed, n, (HostActivations) out);
    } else {
      onDevice(residual, normed, n, out);
    }
    if (downBias != null) {
      home.addBias(out, n, downBias);
    }
  }

  private void onHost(
      HostActivations residual, HostActivations normed, int n, HostActivations out) {
    RowSet[] candidates = selector.select(residual, normed, n);
    HybridBuffers.Device device = buffers.device();
    if (hot == null || device == null) {
      coldForward(normed, n, candidates, out);
    } else {
      bothForward(hot, device, normed, n, candidates, out);
    }
    check(normed, n, candidates);
  }

  private void bothForward(
      NeuronBlock hotNeurons,
      HybridBuffers.Device device,
      HostActivations normed,
      int n,
      RowSet @Nullable [] candidates,
      HostActivations out) {
    Kernels gpu = device.kernels();
    buffers.clock().deviceBegins();
    gpu.upload(normed, n, device.normed());
    gpu.clear(device.partial(), n);
    hotNeurons.forward(device.normed(), n, candidates, selector.skips(), device.partial());
    gpu.download(device.partial(), n, buffers.hostPartial());
    buffers.clock().deviceEnds();
    coldForward(normed, n, candidates, out);
    buffers.clock().await(gpu);
    buffers.cpu().add(out, buffers.hostPartial(), n);
  }

  private void onDevice(Activations residual, Activations normed, int n, Activations out) {
    boolean onHostToo = cold != null || selector.input() != SelectorInput.NONE;
    RowSet[] candidates = null;
    if (onHostToo) {
      if (selector.input() == SelectorInput.RESIDUAL) {
        home.download(residual, n, buffers.hostResidual());
      }
      home.download(normed, n, buffers.hostNormed());
      buffers.clock().await(home);
      candidates = selector.select(buffers.hostResidual(), buffers.hostNormed(), n);
    }
    if (hot != null) {
      buffers.clock().deviceBegins();
      hot.forward(normed, n, candidates, selector.skips(), out);
      buffers.clock().deviceEnds();
    }
    HybridBuffers.Device device = buffers.device();
    if (cold != null && device != null) {
      buffers.hostPartial().clear(n);
      cold.forward(buffers.hostNormed(), n, candidates, selector.skips(), buffers.hostPartial());
      home.upload(buffers.hostPartial(), n, device.partial());
      home.add(out, device.partial(), n);
    }
    if (onHostToo) {
      // Where nothing comes to the host, there is nothing to look at.
      check(buffers.hostNormed(), n, candidates);
    }
  }

  private void coldForward(
      HostActivations normed, int n, RowSet @Nullable [] candidates, HostActivations out) {
    if (cold != null) {
      cold.forward(normed, n, candidates, selector.skips(), out);
    }
  }

  private void check(HostActivations normed, int n, RowSet @Nullable [] candidates) {
    if (shadow != null) {
      shadow.step(normed, n, candidates);
    }
  }

  /** What was computed so far. */
  public NeuronStatistics statistics() {
    return new NeuronStatistics(
        tokens,
        hot == null ? 0 : hot.neurons(),
        cold == null ? 0 : cold.neurons(),
        hot == null ? 0 : hot.neuronsTested(),
        cold == null ? 0 : cold.neuronsTested(),
        hot == null ? 0 : hot.neuronsAdded(),
        cold == null ? 0 : cold.neuronsAdded(),
        GroupCounts.of(hot, cold),
        shadow == null ? PredictorCheck.NONE : shadow.result());
  }

  public Selector selector() {
    return selector;
  }

  @Override
  public void close() {
    if (hot != null) {
      hot.close();
    }
    if (cold != null) {
      cold.close();
    }
    if (downBias != null) {
      downBias.close();
    }
    if (shadow != null) {
      shadow.close();
    }
    selector.close();
  }
}
