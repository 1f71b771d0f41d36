package dev.thermocline.predictor.internal;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Between float arrays and tensors. Memory made here lives as long as the tensor is reachable. */
public final class Floats {
  private Floats() {}

  /** A tensor {@code [rows][cols]} in single precision, copied from {@code values}. */
  public static Tensor tensor(String name, int rows, int cols, float[] values) {
    return tensor(name, TensorFormats.F32, rows, cols, values);
  }

  /** A tensor {@code [rows][cols]} in any format, rounded from {@code values}. */
  public static Tensor tensor(
      String name, EncodableFormat format, int rows, int cols, float[] values) {
    Shape shape = new Shape(rows, cols);
    MemorySegment data = Arena.ofAuto().allocate(format.bytes(shape.elements()), 64);
    long rowBytes = format.bytes(cols);
    for (int r = 0; r < rows; r++) {
      format.encode(values, r * cols, cols, data, r * rowBytes);
    }
    return new Tensor(name, format, shape, data);
  }

  /** The same bytes under another name. */
  public static Tensor renamed(String name, Tensor tensor) {
    return new Tensor(name, tensor.format(), tensor.shape(), tensor.data());
  }

  /** All values, one array per row. */
  public static float[][] rows(Tensor tensor) {
    float[][] rows = new float[tensor.rows()][tensor.cols()];
    for (int r = 0; r < rows.length; r++) {
      tensor.decodeRow(r, rows[r], 0);
    }
    return rows;
  }

  /** Rounds to float, without becoming infinite. */
  public static float finite(double value) {
    return (float) Math.min(value, Float.MAX_VALUE);
  }
}
