package dev.thermocline.kernels.cuda;

/**
 * How neurons (or columns) are cut into ranges whose sums are formed side by side and added in
 * order. It depends on their number only, never on which are active.
 *
 * @param count how many slices, at most a block's number of warps
 * @param size neurons of a slice, a multiple of a warp
 */
record Slices(int count, int size) {
  private static final int WARP = 32;
  private static final int MOST = 32;

  static Slices of(int neurons) {
    int size = Math.max(1, (neurons + MOST * WARP - 1) / (MOST * WARP)) * WARP;
    return new Slices((neurons + size - 1) / size, size);
  }

  /** Threads of the block that compacts, a warp for every slice. */
  int threads() {
    return count * WARP;
  }
}
