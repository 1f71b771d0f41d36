package dev.thermocline.kernels.reference;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;

/** Selected columns, added in ascending order. */
final class ReferenceColumnMatrix implements ColumnMatrix {
  private final Tensor transposed;

  ReferenceColumnMatrix(Tensor transposed) {
    this.transposed = transposed;
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
    for (int r = 0; r < rows(); r++) {
      double sum = 0;
      for (int c = 0; c < cols(); c++) {
        if (columns.contains(c)) {
          float weight = transposed.format().element(transposed.data(), (long) c * rows() + r);
          sum += (double) weight * from.values()[from.offset(token) + c];
        }
      }
      to.values()[to.offset(token) + r] = (float) sum;
    }
  }

  @Override
  public void close() {}
}
