package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * {@code y += sum h_i * row_i} over a list of rows: each worker owns a slice of y, whole blocks of
 * 32, and walks the list in its order, so that the result is the same at any number of workers.
 */
final class SlicedAxpy implements ParallelTask {
  private final MemorySegment data;
  private final RowDot dot;
  private final long rowBytes;
  private final int cols;
  private final int blockElements;
  private final int blockBytes;
  private int[] rows = new int[0];
  private float[] factors = new float[0];
  private float[] y = new float[0];
  private int count;
  private int at;

  SlicedAxpy(Tensor tensor) {
    this.data = RowDots.nativeData(tensor);
    this.dot = RowDots.of(tensor.format());
    this.rowBytes = tensor.rowBytes();
    this.cols = tensor.cols();
    this.blockElements = tensor.format().blockElements();
    this.blockBytes = tensor.format().blockBytes();
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
    int slice = sliceCols(cols, workers);
    int from = Math.min(cols, worker * slice);
    int length = Math.min(cols, from + slice) - from;
    if (length == 0) {
      return;
    }
    long first = (long) from / blockElements * blockBytes;
    int i = 0;
    for (; i + 1 < count; i += 2) {
      dot.axpy2(
          data,
          rows[i] * rowBytes + first,
          factors[i],
          rows[i + 1] * rowBytes + first,
          factors[i + 1],
          length,
          y,
          at + from);
    }
    if (i < count) {
      dot.axpy(data, rows[i] * rowBytes + first, length, factors[i], y, at + from);
    }
  }

  /** Columns of a worker's slice: whole blocks of 32, which suit every format and vector width. */
  static int sliceCols(int cols, int workers) {
    int blocks = (cols + 31) / 32;
    return (blocks + workers - 1) / workers * 32;
  }
}
