package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.models.layers.FeedForward;
import java.util.Objects;

/**
 * A feed-forward of the host in a layer whose attention is on the device: the input comes over, the
 * output goes back. Some of its neurons may be on the device all the same.
 */
public final class HostedFeedForward implements FeedForward {
  private final Kernels home;
  private final HybridBuffers buffers;
  private final FeedForward inner;
  private final boolean prepares;

  /**
   * Takes ownership of the feed-forward.
   *
   * @param home the device's kernels
   * @param inner reads and adds in the host's memory
   * @param prepares whether it wants to see the layer's input before attention
   */
  public HostedFeedForward(
      Kernels home, HybridBuffers buffers, FeedForward inner, boolean prepares) {
    this.home = home;
    this.buffers = buffers;
    this.inner = inner;
    this.prepares = prepares;
  }

  FeedForward inner() {
    return inner;
  }

  @Override
  public void prepare(Activations layerInput, int n) {
    if (prepares) {
      home.download(layerInput, n, buffers.hostNormed());
      buffers.clock().await(home);
      inner.prepare(buffers.hostNormed(), n);
      buffers.clock().deviceBegins();
    }
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    Activations partial = Objects.requireNonNull(buffers.device()).partial();
    home.download(normed, n, buffers.hostNormed());
    buffers.clock().await(home);
    // The residual's buffer is free: who reads residuals is no guest here.
    buffers.hostResidual().clear(n);
    inner.forward(buffers.hostNormed(), buffers.hostNormed(), n, buffers.hostResidual());
    home.upload(buffers.hostResidual(), n, partial);
    home.add(out, partial, n);
  }

  @Override
  public void close() {
    inner.close();
  }
}
