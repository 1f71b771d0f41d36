package dev.thermocline.kernels.host;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;

/** A parameter vector as Java floats. */
public final class HostWeights implements Weights {
  private final float[] values;

  /**
   * Decodes a tensor of one row.
   *
   * @throws IllegalArgumentException if it has more than one
   */
  public HostWeights(Tensor tensor) {
    if (tensor.rows() != 1) {
      throw new IllegalArgumentException(
          tensor.name() + ": expected one row, got " + tensor.shape());
    }
    values = new float[tensor.cols()];
    tensor.decodeRow(0, values, 0);
  }

  /** The values; not a copy. */
  public float[] values() {
    return values;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public long bytes() {
    return 4L * values.length;
  }

  @Override
  public void close() {}
}
