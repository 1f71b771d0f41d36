package dev.thermocline.kernels.vector;

/**
 * One activation row as a format's kernel wants it: possibly permuted or scaled, with block sums.
 */
final class PreparedInput {
  private float[] values = new float[0];
  private float[] blockSums = new float[0];

  /** Makes room for {@code cols} elements; called when weights are loaded, never while decoding. */
  void reserve(int cols) {
    if (values.length < cols) {
      values = new float[cols];
      blockSums = new float[(cols + 15) / 16];
    }
  }

  float[] values() {
    return values;
  }

  /** Sums of the blocks of 16 or 32 elements of the row, where the format needs them. */
  float[] blockSums() {
    return blockSums;
  }
}
