package dev.thermocline.models.layers;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import org.jspecify.annotations.Nullable;

/** Tensors of a file with the shape that the model's sizes demand. */
public final class Tensors {
  private Tensors() {}

  /**
   * A tensor {@code [rows][cols]}.
   *
   * @throws GgufFormatException if it is missing or has another shape
   */
  public static Tensor require(GgufFile gguf, String name, int rows, int cols) {
    Tensor tensor = gguf.tensor(name);
    Shape expected = new Shape(rows, cols);
    if (!tensor.shape().equals(expected)) {
      throw new GgufFormatException(
          name, -1, "expected the shape " + expected + ", found " + tensor.shape());
    }
    return tensor;
  }

  /** As {@link #require}, but null where the file does not have the tensor. */
  public static @Nullable Tensor optional(GgufFile gguf, String name, int rows, int cols) {
    return gguf.contains(name) ? require(gguf, name, rows, cols) : null;
  }

  /** A tensor of {@code size} elements, whatever its dimensions, as one row. */
  static Tensor vector(GgufFile gguf, String name, int size) {
    Tensor tensor = gguf.tensor(name);
    if (tensor.shape().elements() != size) {
      throw new GgufFormatException(
          name, -1, "expected " + size + " elements, found " + tensor.shape());
    }
    return new Tensor(name, tensor.format(), new Shape(1, size), tensor.data());
  }

  /** Elements {@code from} to {@code from + count} of a tensor of one row. */
  static Tensor part(Tensor row, int from, int count) {
    int block = row.format().blockElements();
    if (from % block != 0 || count % block != 0) {
      throw new UnsupportedModelException(
          row.name() + ": " + row.format() + " cannot be divided at element " + from);
    }
    long start = row.format().bytes(from);
    return new Tensor(
        row.name(),
        row.format(),
        new Shape(1, count),
        row.data().asSlice(start, row.format().bytes(count)));
  }
}
