package dev.thermocline.kernels;

import dev.thermocline.kernels.format.TensorFormat;

/**
 * A weight {@code [rows][cols]} loaded into a backend, its kernel already chosen. Used by one
 * thread at a time, the one that drives the backend.
 */
public interface Matrix extends AutoCloseable {

  int rows();

  int cols();

  TensorFormat format();

  /** Bytes that a product with all rows reads. */
  long bytes();

  /** {@code out[t][r] = sum_c W[r][c] * x[t][c]} for the first {@code n} tokens. */
  void multiply(Activations x, int n, Activations out);

  /**
   * As {@link #multiply}, for the listed rows only and one token; other elements of {@code out}
   * keep their values.
   */
  void multiplyRows(Activations x, int token, RowSet rows, Activations out);

  @Override
  void close();
}
