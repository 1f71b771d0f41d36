package dev.thermocline.predictor;

import dev.thermocline.kernels.Tensor;

/** L2 norms of rows and columns of weights, in double precision inside. */
public final class Norms {
  private Norms() {}

  /** One norm per row: for {@code down_t} the norms of the neurons' outputs at h = 1. */
  public static float[] rows(Tensor tensor) {
    float[] norms = new float[tensor.rows()];
    float[] row = new float[tensor.cols()];
    for (int r = 0; r < norms.length; r++) {
      tensor.decodeRow(r, row, 0);
      double sum = 0;
      for (float value : row) {
        sum += (double) value * value;
      }
      norms[r] = (float) Math.sqrt(sum);
    }
    return norms;
  }

  /** One norm per column: WINA's c_j of a weight {@code [rows][cols]}. */
  public static float[] columns(Tensor tensor) {
    double[] sums = new double[tensor.cols()];
    float[] row = new float[tensor.cols()];
    for (int r = 0; r < tensor.rows(); r++) {
      tensor.decodeRow(r, row, 0);
      for (int c = 0; c < sums.length; c++) {
        sums[c] += (double) row[c] * row[c];
      }
    }
    float[] norms = new float[sums.length];
    for (int c = 0; c < norms.length; c++) {
      norms[c] = (float) Math.sqrt(sums[c]);
    }
    return norms;
  }
}
