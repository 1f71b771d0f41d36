package dev.thermocline.kernels;

import dev.thermocline.kernels.format.TensorFormat;

/**
 * A weight stored by column: its transpose {@code [cols][rows]}, so that an input that is left out
 * saves the bytes of its whole column (WINA, TEAL). Products add the columns in ascending order.
 */
public interface ColumnMatrix extends AutoCloseable {

  /** Length of the output. */
  int rows();

  /** Length of the input. */
  int cols();

  TensorFormat format();

  /** Bytes of all columns. */
  long bytes();

  /** {@code out[token][r] = sum over c in columns of W[r][c] * x[token][c]}. */
  void multiplyColumns(Activations x, int token, RowSet columns, Activations out);

  @Override
  void close();
}
