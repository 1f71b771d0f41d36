package dev.thermocline.kernels.vector;

/**
 * Rows of a matrix in slices that are always the same ones, whatever the number of workers and
 * whichever rows are wanted, so that sums over them are too.
 */
final class RowSlices {
  private final int sliceRows;
  private final int[] starts;

  RowSlices(int rows, int most, int leastRows) {
    sliceRows = Math.max(leastRows, (rows + most - 1) / most);
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
