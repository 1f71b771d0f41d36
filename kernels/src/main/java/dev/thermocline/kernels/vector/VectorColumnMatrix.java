package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.util.Arrays;

/** Columns stored as rows; each worker owns a slice of the output and adds the columns in order. */
final class VectorColumnMatrix implements ColumnMatrix {
  private final Tensor transposed;
  private final WorkerPool pool;
  private final SlicedAxpy axpy;
  private final int[] list;
  private final float[] factors;

  VectorColumnMatrix(Tensor transposed, WorkerPool pool, Scratch scratch) {
    this.transposed = transposed;
    this.pool = pool;
    this.axpy = new SlicedAxpy(transposed, scratch);
    this.list = new int[transposed.rows()];
    this.factors = new float[transposed.rows()];
  }

  @Override
  public int rows() {
    return transposed.cols();
  }

  @Override
  public int cols() {
    return transposed.rows();
  }

  @Override
  public TensorFormat format() {
    return transposed.format();
  }

  @Override
  public long bytes() {
    return transposed.data().byteSize();
  }

  @Override
  public void multiplyColumns(Activations x, int token, RowSet columns, Activations out) {
    HostActivations from = (HostActivations) x;
    HostActivations to = (HostActivations) out;
    int count = columns.list(list);
    for (int i = 0; i < count; i++) {
      factors[i] = from.values()[from.offset(token) + list[i]];
    }
    int at = to.offset(token);
    Arrays.fill(to.values(), at, at + rows(), 0f);
    axpy.run(pool, list, factors, count, to.values(), at);
  }

  @Override
  public void close() {}
}
