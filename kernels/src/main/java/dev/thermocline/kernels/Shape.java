package dev.thermocline.kernels;

/**
 * Dimensions of a matrix, {@code [rows][cols]}; a vector is one row.
 *
 * @param rows number of rows, at least 1
 * @param cols elements of a row, contiguous in memory, at least 1
 */
public record Shape(int rows, int cols) {
  public Shape {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "shape: expected positive dimensions, got [" + rows + "][" + cols + "]");
    }
  }

  /** Number of elements. */
  public long elements() {
    return (long) rows * cols;
  }

  @Override
  public String toString() {
    return "[" + rows + "][" + cols + "]";
  }
}
