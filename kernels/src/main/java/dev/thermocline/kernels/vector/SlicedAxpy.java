package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * {@code y += sum h_i * row_i} over a list of rows: each worker owns a slice of y, whole blocks,
 * and walks the list in its order, so that the result is the same at any number of workers.
 */
final class SlicedAxpy implements ParallelTask {
  private final MemorySegment data;
  private final RowDot dot;
  private final long rowBytes;
  private final int cols;
  private final int blockElements;
  private final int blockBytes;
  private final Scratch scratch;
  private int[] rows = new int[0];
  private float[] factors = new float[0];
  private float[] y = new float[0];
  private int count;
  private int at;

  SlicedAxpy(Tensor tensor, Scratch scratch) {
    this.scratch = scratch;
    this.data = RowDots.nativeData(tensor);
    this.dot = RowDots.of(tensor.format());
    this.rowBytes = tensor.rowBytes();
    this.cols = tensor.cols();
    this.blockElements = tensor.format().blockElements();
    this.blockBytes = tensor.format().blockBytes();
    scratch.reserve(cols);
  }

  /**
   * Adds {@code factors[i] * row(rows[i])} for i below {@code listed} to {@code target} from {@code
   * offset} on.
   */
  void run(WorkerPool pool, int[] list, float[] values, int listed, float[] target, int offset) {
    rows = list;
    factors = values;
    count = listed;
    y = target;
    at = offset;
    pool.run(this);
  }

  @Override
  public void run(int worker, int workers) {
    int slice = sliceCols(cols, blockElements, workers);
    int from = Math.min(cols, worker * slice);
    int length = Math.min(cols, from + slice) - from;
    if (length == 0) {
      return;
    }
    long first = (long) from / blockElements * blockBytes;
    float[] own = scratch.tile(worker).rows();
    for (int i = 0; i < count; i += 2) {
      // An odd last row is its own partner with the factor zero, so that one kernel is inlined
      // here.
      boolean pair = i + 1 < count;
      int partner = pair ? i + 1 : i;
      fetch(i + 2, first, length);
      fetch(i + 3, first, length);
      dot.axpy2(
          data,
          rows[i] * rowBytes + first,
          factors[i],
          rows[partner] * rowBytes + first,
          pair ? factors[partner] : 0f,
          length,
          y,
          at + from,
          own);
    }
  }

  private void fetch(int i, long first, int length) {
    if (i < count && rows[i] != rows[i - 1] + 1) {
      long bytes = (long) length / blockElements * blockBytes;
      NextRow.fetch(data, rows[i] * rowBytes + first, bytes);
    }
  }

  /** Columns of a worker's slice: whole blocks, at least the 32 that suit every vector width. */
  static int sliceCols(int cols, int blockElements, int workers) {
    int unit = Math.max(32, blockElements);
    int units = (cols + unit - 1) / unit;
    return (units + workers - 1) / workers * unit;
  }
}
