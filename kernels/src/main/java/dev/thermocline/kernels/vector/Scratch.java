package dev.thermocline.kernels.vector;

/**
 * Memory that the products of one backend share: the prepared input, sums of slices, and for every
 * worker room for four decoded rows. Grows while weights are loaded, never while decoding.
 */
final class Scratch {
  private final PreparedInput input = new PreparedInput();
  private final PreparedInput secondInput = new PreparedInput();
  private final TileScratch[] tiles;
  private float[] partial = new float[0];
  private long product;

  Scratch(int workers) {
    tiles = new TileScratch[workers];
    for (int i = 0; i < workers; i++) {
      tiles[i] = new TileScratch();
    }
  }

  /**
   * Bytes that products of several tokens take beside what is held for those of one.
   *
   * @param widest columns of the widest matrix
   * @param width columns of the down projections, stored by neuron
   */
  static long batchBytes(int workers, int tokens, int widest, int width) {
    long panels = (long) workers * RowPanel.floats(widest, tokens);
    return Float.BYTES * (panels + PanelAxpy.partialFloats(width, tokens));
  }

  void reserve(int cols) {
    input.reserve(cols);
    secondInput.reserve(cols);
    for (TileScratch tile : tiles) {
      tile.reserve(cols);
    }
  }

  void reservePartial(int length) {
    if (partial.length < length) {
      partial = new float[length];
    }
  }

  /** Sums of slices of rows, until they are added to an output. */
  float[] partial() {
    return partial;
  }

  /** Begins a product of several tokens, for which each worker arranges them anew. */
  void nextProduct() {
    product++;
  }

  /** Number of the product under way. */
  long product() {
    return product;
  }

  PreparedInput input() {
    return input;
  }

  /** For blocks whose two first matrices have different formats. */
  PreparedInput secondInput() {
    return secondInput;
  }

  /** A worker's own. */
  TileScratch tile(int worker) {
    return tiles[worker];
  }
}
