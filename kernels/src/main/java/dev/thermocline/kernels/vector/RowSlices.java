package dev.thermocline.kernels.vector;

/**
 * Rows of a matrix in slices that are always the same ones, whatever the number of workers and
 * whichever rows are wanted, so that sums over them are too.
 */
final class RowSlices {
  /** Fewer rows are not worth a slice's sums. */
  private static final int LEAST_ROWS = 64;

  private final int sliceRows;
  private final int[] starts;

  /**
   * Cuts rows 0 to {@code rows - 1}.
   *
   * @param most slices
   */
  RowSlices(int rows, int most) {
    sliceRows = Math.max(LEAST_ROWS, (rows + most - 1) / most);
    starts = new int[Math.max(1, (rows + sliceRows - 1) / sliceRows) + 1];
  }

  int count() {
    return starts.length - 1;
  }

  /** Cuts the first {@code listed} entries of an ascending list of rows. */
  void cut(int[] rows, int listed) {
    int i = 0;
    for (int slice = 0; slice < count(); slice++) {
      starts[slice] = i;
      int end = (slice + 1) * sliceRows;
      while (i < listed && rows[i] < end) {
        i++;
      }
    }
    starts[count()] = listed;
  }

  /** Where a slice begins in the list. */
  int start(int slice) {
    return starts[slice];
  }

  /** Where a slice ends in the list. */
  int end(int slice) {
    return starts[slice + 1];
  }
}
