package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;

/** Memory that the shadow checks of all layers of a width share. */
public final class ShadowBuffers {
  private final HostActivations input;
  private final HostActivations first;
  private final HostActivations second;
  private final RowSet rows;

  /** Allocates for one token. */
  public ShadowBuffers(int nEmbd, int neurons) {
    input = new HostActivations(1, nEmbd);
    first = new HostActivations(1, neurons);
    second = new HostActivations(1, neurons);
    rows = new RowSet(neurons);
  }

  /** Width of the layers. */
  public int width() {
    return input.cols();
  }

  /** Neurons of each. */
  public int neurons() {
    return rows.bound();
  }

  HostActivations input() {
    return input;
  }

  HostActivations first() {
    return first;
  }

  HostActivations second() {
    return second;
  }

  RowSet rows() {
    return rows;
  }
}
