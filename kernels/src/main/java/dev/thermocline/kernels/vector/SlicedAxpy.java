package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@code y += sum h_i * row_i} over an ascending list of rows. The rows are cut into slices, always
 * the same ones of a tensor: each is added up by itself, in the order of its rows, by whichever
 * worker is free, and then the sums of the slices are added to y in their order. So the result is
 * the same at any number of workers, and leaving out rows whose factor is zero changes no bit.
 *
 * <p>Rows are read whole. Workers that each walk all rows for a part of the outputs read a few
 * cache lines here and there, which takes as long with sixteen of them as with one.
 */
final class SlicedAxpy {
  private static final int MAX_SLICES = 32;

  private final MemorySegment data;
  private final RowDot dot;
  private final long rowBytes;
  private final int cols;
  private final RowSlices slices;
  private final Scratch scratch;
  private final SliceTask sliceTask = new SliceTask();
  private final MergeTask mergeTask = new MergeTask();
  private int[] rows = new int[0];
  private float[] factors = new float[0];
  private float[] y = new float[0];
  private int at;

  SlicedAxpy(Tensor tensor, Scratch scratch) {
    this.scratch = scratch;
    this.data = RowDots.nativeData(tensor);
    this.dot = RowDots.of(tensor.format());
    this.rowBytes = tensor.rowBytes();
    this.cols = tensor.cols();
    this.slices = new RowSlices(tensor.rows(), MAX_SLICES);
    scratch.reserve(cols);
    scratch.reservePartial(slices.count() * cols);
  }

  /**
   * Adds {@code factors[i] * row(rows[i])} for i below {@code listed} to {@code target} from {@code
   * offset} on.
   *
   * @param list ascending
   */
  void run(WorkerPool pool, int[] list, float[] values, int listed, float[] target, int offset) {
    rows = list;
    factors = values;
    y = target;
    at = offset;
    slices.cut(list, listed);
    sliceTask.runAll(pool, slices.count(), 1);
    mergeTask.runAll(pool, cols, Lanes.L);
  }

  private final class SliceTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      for (int slice = from; slice < to; slice++) {
        add(slices.start(slice), slices.end(slice), slice * cols, scratch.tile(worker).rows());
      }
    }

    private void add(int from, int to, int sum, float[] own) {
      float[] partial = scratch.partial();
      Arrays.fill(partial, sum, sum + cols, 0f);
      for (int i = from; i < to; i += 2) {
        // An odd last row is its own partner with the factor zero, so that one kernel is inlined
        // here.
        boolean pair = i + 1 < to;
        int partner = pair ? i + 1 : i;
        fetch(i + 2, to);
        fetch(i + 3, to);
        dot.axpy2(
            data,
            rows[i] * rowBytes,
            factors[i],
            rows[partner] * rowBytes,
            pair ? factors[partner] : 0f,
            cols,
            partial,
            sum,
            own);
      }
    }

    private void fetch(int i, int to) {
      if (i < to && rows[i] != rows[i - 1] + 1) {
        NextRow.fetch(data, rows[i] * rowBytes, rowBytes);
      }
    }
  }

  private final class MergeTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      float[] partial = scratch.partial();
      float[] sums = y;
      int offset = at;
      for (int slice = 0; slice < slices.count(); slice++) {
        int first = slice * cols;
        for (int c = from; c < to; c++) {
          sums[offset + c] += partial[first + c];
        }
      }
    }
  }
}
