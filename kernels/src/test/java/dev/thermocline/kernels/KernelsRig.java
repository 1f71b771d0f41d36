package dev.thermocline.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One backend at work in a conformance test: moves values in and out, and watches a row behind
 * every output that nobody may write to.
 */
public final class KernelsRig implements AutoCloseable {
  /** What outputs hold before an operation, and the row behind them for ever. */
  public static final float SENTINEL = 12345.5f;

  private final Kernels kernels;
  private final List<AutoCloseable> opened = new ArrayList<>();

  public KernelsRig(Kernels kernels) {
    this.kernels = kernels;
  }

  public Kernels kernels() {
    return kernels;
  }

  /** Has {@code resource} closed with the rig. */
  public <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  /** Activations {@code [n][cols]} holding {@code values}, with a sentinel row behind them. */
  public Activations input(int n, int cols, float[] values) {
    HostActivations host = new HostActivations(n + 1, cols);
    System.arraycopy(values, 0, host.values(), 0, n * cols);
    Arrays.fill(host.values(), n * cols, (n + 1) * cols, SENTINEL);
    Activations device = open(kernels.activations(n + 1, cols));
    kernels.upload(host, n + 1, device);
    return device;
  }

  /** Activations {@code [n][cols]} full of sentinels. */
  public Activations output(int n, int cols) {
    float[] values = new float[n * cols];
    Arrays.fill(values, SENTINEL);
    return input(n, cols, values);
  }

  /** The values of {@link #input} or {@link #output}, after checking the row behind them. */
  public float[] values(Activations from) {
    int n = from.tokens() - 1;
    HostActivations host = new HostActivations(n + 1, from.cols());
    kernels.download(from, n + 1, host);
    kernels.synchronize();
    for (int i = n * from.cols(); i < host.values().length; i++) {
      assertEquals(SENTINEL, host.values()[i], kernels.name() + ": wrote past the last row");
    }
    return Arrays.copyOf(host.values(), n * from.cols());
  }

  @Override
  public void close() {
    for (AutoCloseable resource : opened.reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
