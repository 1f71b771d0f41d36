package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * A matrix read in place. One token: a dot product per row, straight from the stored blocks.
 * Several: rows are decoded four at a time and multiplied with all tokens, so that decoding is paid
 * once.
 */
final class VectorMatrix implements Matrix {
  /** Rows of a chunk are whole tiles. */
  private static final int GRANULE = 2 * Tile.ROWS;

  private final Tensor tensor;
  private final MemorySegment data;
  private final long rowBytes;
  private final RowDot dot;
  private final WorkerPool pool;
  private final Scratch scratch;
  private final VectorTask vectorTask = new VectorTask();
  private final BatchTask batchTask = new BatchTask();
  private final int[] rowList;
  private HostActivations x;
  private HostActivations out;
  private int tokens;
  private int token;

  VectorMatrix(Tensor tensor, WorkerPool pool, Scratch scratch, HostActivations none) {
    this.tensor = tensor;
    this.data = RowDots.nativeData(tensor);
    this.rowBytes = tensor.rowBytes();
    this.dot = RowDots.of(tensor.format());
    this.pool = pool;
    this.scratch = scratch;
    this.rowList = new int[tensor.rows()];
    this.x = none;
    this.out = none;
    scratch.reserve(tensor.cols());
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
    return data.byteSize();
  }

  /** Decodes one row. */
  void decode(int row, float[] target, int at) {
    dot.decode(data, row * rowBytes, cols(), target, at);
  }

  @Override
  public void multiply(Activations input, int n, Activations output) {
    bind(input, output);
    if (n == 1) {
      token = 0;
      dot.prepare(x.values(), x.offset(0), cols(), scratch.input());
      vectorTask.list = null;
      vectorTask.runAll(pool, rows(), GRANULE);
    } else {
      tokens = n;
      batchTask.runAll(pool, rows(), GRANULE);
    }
  }

  @Override
  public void multiplyRows(Activations input, int row, RowSet rows, Activations output) {
    bind(input, output);
    token = row;
    int count = rows.list(rowList);
    dot.prepare(x.values(), x.offset(row), cols(), scratch.input());
    vectorTask.list = rowList;
    vectorTask.runAll(pool, count, 1);
  }

  private void bind(Activations input, Activations output) {
    if (input.cols() != cols() || output.cols() != rows()) {
      throw new IllegalArgumentException(
          tensor.name()
              + " "
              + tensor.shape()
              + ": got an input of "
              + input.cols()
              + " and an output of "
              + output.cols()
              + " columns");
    }
    x = (HostActivations) input;
    out = (HostActivations) output;
  }

  @Override
  public void close() {}

  private final class VectorTask extends ChunkedTask {
    private int @org.jspecify.annotations.Nullable [] list;

    @Override
    void items(int from, int to, int worker) {
      float[] own = scratch.tile(worker).rows();
      int[] rows = list;
      if (rows != null) {
        listed(rows, from, to, own);
        return;
      }
      for (int row = from; row < to; row++) {
        product(row, own);
      }
    }

    private void listed(int[] rows, int from, int to, float[] own) {
      for (int i = from; i < to; i++) {
        if (i + 1 < to && rows[i + 1] != rows[i] + 1) {
          NextRow.fetch(data, rows[i + 1] * rowBytes, rowBytes);
        }
        product(rows[i], own);
      }
    }

    private void product(int row, float[] own) {
      out.values()[out.offset(token) + row] =
          dot.dot(data, row * rowBytes, tensor.cols(), scratch.input(), own);
    }
  }

  private final class BatchTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      TileScratch tile = scratch.tile(worker);
      float[] decoded = tile.rows();
      int cols = tensor.cols();
      for (int row = from; row < to; row += Tile.ROWS) {
        // The last tile may reach back over rows that are done already: the same values again.
        int first = Math.max(0, Math.min(row, tensor.rows() - Tile.ROWS));
        int count = Math.min(Tile.ROWS, tensor.rows());
        for (int k = 0; k < count; k++) {
          dot.decode(data, (first + k) * rowBytes, cols, decoded, k * cols);
        }
        if (count == Tile.ROWS) {
          tiles(tile, first);
        } else {
          fewRows(decoded, count);
        }
      }
    }

    private void tiles(TileScratch tile, int row) {
      int step = out.cols();
      int t = 0;
      for (; t + 1 < tokens; t += 2) {
        Tile.four2(
            tile,
            tensor.cols(),
            x.values(),
            x.offset(t),
            x.offset(t + 1),
            out.values(),
            out.offset(t) + row,
            1,
            step);
      }
      if (t < tokens) {
        Tile.four1(
            tile, tensor.cols(), x.values(), x.offset(t), out.values(), out.offset(t) + row, 1);
      }
    }

    /** Matrices of less than four rows. */
    private void fewRows(float[] decoded, int count) {
      int cols = tensor.cols();
      for (int t = 0; t < tokens; t++) {
        for (int r = 0; r < count; r++) {
          float sum = 0;
          for (int c = 0; c < cols; c++) {
            sum = Math.fma(decoded[r * cols + c], x.values()[x.offset(t) + c], sum);
          }
          out.values()[out.offset(t) + r] = sum;
        }
      }
    }
  }
}
