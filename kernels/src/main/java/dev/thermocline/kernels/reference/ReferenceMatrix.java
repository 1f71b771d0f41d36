package dev.thermocline.kernels.reference;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;

/** Products in double precision, one element after the other. */
final class ReferenceMatrix implements Matrix {
  private final Tensor tensor;

  ReferenceMatrix(Tensor tensor) {
    this.tensor = tensor;
  }

  Tensor tensor() {
    return tensor;
  }

  @Override
  public int rows() {
    return tensor.rows();
  }

  @Override
  public int cols() {
    return tensor.cols();
  }

  @Override
  public TensorFormat format() {
    return tensor.format();
  }

  @Override
  public long bytes() {
    return tensor.data().byteSize();
  }

  @Override
  public void multiply(Activations x, int n, Activations out) {
    for (int t = 0; t < n; t++) {
      for (int r = 0; r < rows(); r++) {
        product(x, t, r, out);
      }
    }
  }

  @Override
  public void multiplyRows(Activations x, int token, RowSet rows, Activations out) {
    for (int r = 0; r < rows(); r++) {
      if (rows.contains(r)) {
        product(x, token, r, out);
      }
    }
  }

  private void product(Activations x, int token, int row, Activations out) {
    HostActivations to = (HostActivations) out;
    to.values()[to.offset(token) + row] = (float) dot(tensor, row, (HostActivations) x, token);
  }

  /** {@code W[row] . x[token]}. */
  static double dot(Tensor weight, int row, HostActivations x, int token) {
    long first = (long) row * weight.cols();
    double sum = 0;
    for (int c = 0; c < weight.cols(); c++) {
      sum +=
          (double) weight.format().element(weight.data(), first + c)
              * x.values()[x.offset(token) + c];
    }
    return sum;
  }

  @Override
  public void close() {}
}
