package dev.thermocline.kernels.vector;

/**
 * One worker's memory for {@link Tile}: four decoded rows, their products and vectors to be summed.
 */
final class TileScratch {
  private final float[] products = new float[Tile.ROWS];
  private final float[] lanes = new float[2 * Tile.ROWS * Lanes.L];
  private float[] rows = new float[0];

  void reserve(int cols) {
    // No fewer than a vector: products sum their lanes here.
    int length = Tile.ROWS * Math.max(cols, Lanes.L);
    if (rows.length < length) {
      rows = new float[length];
    }
  }

  /** Four decoded rows of the widest matrix. */
  float[] rows() {
    return rows;
  }

  /** The four products of a tile and one token. */
  float[] products() {
    return products;
  }

  /** Eight vectors. */
  float[] lanes() {
    return lanes;
  }
}
