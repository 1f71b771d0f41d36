package dev.thermocline.kernels;

import dev.thermocline.kernels.format.TensorFormat;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A named weight, {@code [rows][cols]}, in the bytes of its file format. The tensor does not own
 * its memory: whoever mapped or allocated {@link #data()} keeps it alive while the tensor is in
 * use.
 */
public final class Tensor {
  private final String name;
  private final TensorFormat format;
  private final Shape shape;
  private final MemorySegment data;

  /**
   * Describes a weight.
   *
   * @throws IllegalArgumentException if a row does not hold whole blocks, or {@code data} has not
   *     exactly the bytes that the format needs
   */
  public Tensor(String name, TensorFormat format, Shape shape, MemorySegment data) {
    this.name = Objects.requireNonNull(name);
    this.format = Objects.requireNonNull(format);
    this.shape = Objects.requireNonNull(shape);
    if (shape.cols() % format.blockElements() != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + format
              + " rows need a multiple of "
              + format.blockElements()
              + " columns, got "
              + shape);
    }
    long needed = format.bytes(shape.elements());
    if (data.byteSize() != needed) {
      throw new IllegalArgumentException(
          name
              + ": "
              + format
              + " "
              + shape
              + " needs "
              + needed
              + " bytes, got "
              + data.byteSize());
    }
    this.data = data;
  }

  /** GGUF name, such as {@code blk.0.ffn_up.weight}. */
  public String name() {
    return name;
  }

  public TensorFormat format() {
    return format;
  }

  public Shape shape() {
    return shape;
  }

  public int rows() {
    return shape.rows();
  }

  public int cols() {
    return shape.cols();
  }

  /** The weight's bytes, rows one after the other. */
  public MemorySegment data() {
    return data;
  }

  /** Bytes of one row. */
  public long rowBytes() {
    return format.bytes(shape.cols());
  }

  /** Bytes of row {@code row}, without a copy. */
  public MemorySegment row(int row) {
    Objects.checkIndex(row, shape.rows());
    return data.asSlice(row * rowBytes(), rowBytes());
  }

  /** Rows {@code from} to {@code from + count} as a tensor of the same memory. */
  public Tensor rows(int from, int count) {
    Objects.checkFromIndexSize(from, count, shape.rows());
    return new Tensor(
        name,
        format,
        new Shape(count, shape.cols()),
        data.asSlice(from * rowBytes(), count * rowBytes()));
  }

  /** Writes row {@code row}, decoded, to {@code out} from {@code offset} on. */
  public void decodeRow(int row, float[] out, int offset) {
    Objects.checkIndex(row, shape.rows());
    format.decode(data, row * rowBytes(), out, offset, shape.cols());
  }

  @Override
  public String toString() {
    return name + " " + format + " " + shape;
  }
}
