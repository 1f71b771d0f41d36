package dev.thermocline.kernels.vector;

/** Stored rows that can be decoded piece by piece. */
interface DecodedRows {
  /**
   * Decodes {@code count} elements of a row from column {@code col} on, whole blocks, to {@code
   * target[at]} and on.
   */
  void decode(int row, int col, int count, float[] target, int at);
}
