package dev.thermocline.kernels.vector;

/** One worker's memory: decoded rows, a lane sum's vectors, and a panel for products of batches. */
final class TileScratch {
  private static final int ROWS = 4;

  private final RowPanel panel = new RowPanel();
  private float[] rows = new float[0];

  void reserve(int cols) {
    // No fewer than a vector: products sum their lanes here.
    int length = ROWS * Math.max(cols, Lanes.L);
    if (rows.length < length) {
      rows = new float[length];
    }
  }

  /** Four decoded rows of the widest matrix. */
  float[] rows() {
    return rows;
  }

  RowPanel panel() {
    return panel;
  }
}
