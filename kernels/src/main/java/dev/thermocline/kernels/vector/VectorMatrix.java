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
 * Several: rows are decoded a panel at a time and multiplied with all tokens, so that decoding is
 * paid once.
 */
final class VectorMatrix implements Matrix, DecodedRows {
  /** Rows of a chunk of single products. */
  private static final int GRANULE = 8;

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
  private int firstToken;
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
  public void decode(int row, int col, int count, float[] target, int at) {
    dot.decode(data, row * rowBytes + format().bytes(col), count, target, at);
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
      for (firstToken = 0; firstToken < n; firstToken += RowPanel.TOKENS) {
        tokens = Math.min(RowPanel.TOKENS, n - firstToken);
        scratch.nextProduct();
        batchTask.runAll(pool, rows(), RowPanel.ROWS);
      }
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
      RowPanel panel = scratch.tile(worker).panel();
      panel.load(scratch.product(), x, firstToken, tokens);
      for (int t = 0; t < tokens; t++) {
        panel.tokens()[t] = t;
      }
      for (int row = from; row < to; row += RowPanel.ROWS) {
        product(panel, row, Math.min(RowPanel.ROWS, to - row));
      }
    }

    private void product(RowPanel panel, int row, int count) {
      for (int r = 0; r < count; r++) {
        panel.rows()[r] = row + r;
      }
      panel.multiply(VectorMatrix.this, count, tokens, cols());
      for (int t = 0; t < tokens; t++) {
        int to = out.offset(firstToken + t) + row;
        System.arraycopy(panel.results(), t * RowPanel.ROWS, out.values(), to, count);
      }
    }
  }
}
