package dev.thermocline.kernels.vector;

/**
 * Memory that the products of one backend share: the prepared input, and for every worker room for
 * four decoded rows. Grows while weights are loaded, never while decoding.
 */
final class Scratch {
  private final PreparedInput input = new PreparedInput();
  private final PreparedInput secondInput = new PreparedInput();
  private final float[][] rows;
  private final float[][] products;

  Scratch(int workers) {
    rows = new float[workers][0];
    products = new float[workers][Tile.ROWS];
  }

  void reserve(int cols) {
    input.reserve(cols);
    secondInput.reserve(cols);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length < Tile.ROWS * cols) {
        rows[i] = new float[Tile.ROWS * cols];
      }
    }
  }

  PreparedInput input() {
    return input;
  }

  /** For blocks whose two first matrices have different formats. */
  PreparedInput secondInput() {
    return secondInput;
  }

  /** The four products of a tile and one token. */
  float[] products(int worker) {
    return products[worker];
  }

  /** Four decoded rows of the widest matrix. */
  float[] rows(int worker) {
    return rows[worker];
  }
}
