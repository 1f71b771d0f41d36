package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.L;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;

/**
 * {@code y[t] += sum h[t][i] * row(rows[i])} for several tokens: each worker owns a slice of the
 * columns and adds the rows in the list's order, a panel of decoded rows at a time, so that the
 * result is the same at any number of workers.
 */
final class PanelAxpy implements ParallelTask {
  /** Rows of a panel. */
  static final int ROWS = 24;

  /** Columns of a panel that are decoded at a time, whole pieces. */
  static final int COLS = 2048;

  private final NeuronRows rows;
  private final int cols;
  private final int blockElements;
  private final Scratch scratch;
  private int[] list = new int[0];
  private int count;
  private float[] factors = new float[0];
  private int stride;
  private int tokens;
  private HostActivations out;

  /** Not a constant, or C2 would drop the exits of {@link Tile}. */
  private int stop = -1;

  PanelAxpy(Tensor tensor, Scratch scratch, HostActivations none) {
    this.rows = new NeuronRows(tensor, null);
    this.cols = tensor.cols();
    this.blockElements = tensor.format().blockElements();
    this.scratch = scratch;
    this.out = none;
  }

  /**
   * Adds to the first {@code n} rows of {@code to}.
   *
   * @param listed how many of {@code wanted} count
   * @param h factors, {@code [tokens][step]}
   */
  void run(
      WorkerPool pool, int[] wanted, int listed, float[] h, int step, int n, HostActivations to) {
    list = wanted;
    count = listed;
    factors = h;
    stride = step;
    tokens = n;
    out = to;
    pool.run(this);
  }

  @Override
  public void run(int worker, int workers) {
    int slice = sliceCols(cols, blockElements, workers);
    int from = Math.min(cols, worker * slice);
    int to = Math.min(cols, from + slice);
    float[] panel = scratch.tile(worker).panel().spread();
    for (int i = 0; i < count; i += ROWS) {
      int many = Math.min(ROWS, count - i);
      for (int c = from; c < to; c += COLS) {
        panel(panel, i, many, c, Math.min(to, c + COLS));
      }
    }
  }

  /** Columns of a worker's slice: whole blocks, at least the 32 that suit every vector width. */
  private static int sliceCols(int cols, int blockElements, int workers) {
    int unit = Math.max(32, blockElements);
    int units = (cols + unit - 1) / unit;
    return (units + workers - 1) / workers * unit;
  }

  private void panel(float[] panel, int first, int many, int from, int to) {
    for (int r = 0; r < many; r++) {
      for (int c = from; c < to; c += Tile.SPREAD) {
        int at = (c - from) * ROWS + r * Tile.SPREAD;
        rows.decode(list[first + r], c, Math.min(Tile.SPREAD, to - c), panel, at);
      }
    }
    for (int c = from; c < to; c += Tile.SPREAD) {
      add(panel, (c - from) * ROWS, first, many, c, Math.min(Tile.SPREAD, to - c));
    }
  }

  private void add(float[] panel, int piece, int first, int many, int col, int width) {
    int c = 0;
    for (; c <= width - 2 * L; c += 2 * L) {
      for (int t = 0; t < tokens; t += 4) {
        four(panel, piece + c, first, many, t, col + c);
      }
    }
    if (c < width) {
      rest(panel, piece, c, first, many, col, width);
    }
  }

  /** Four tokens and two vectors; the last token stands in for those that are missing. */
  private void four(float[] panel, int at, int first, int many, int t, int col) {
    float[] h = factors;
    int t1 = Math.min(t + 1, tokens - 1);
    int t2 = Math.min(t + 2, tokens - 1);
    int t3 = Math.min(t + 3, tokens - 1);
    Tile.spread4(
        panel,
        at,
        many,
        h,
        t * stride + first,
        t1 * stride + first,
        t2 * stride + first,
        t3 * stride + first,
        out.values(),
        out.offset(t) + col,
        out.offset(t1) + col,
        out.offset(t2) + col,
        out.offset(t3) + col,
        stop);
  }

  /** Columns from {@code from} on, less than two vectors. */
  private void rest(float[] panel, int piece, int from, int first, int many, int col, int width) {
    float[] y = out.values();
    for (int t = 0; t < tokens; t++) {
      for (int c = from; c < width; c++) {
        float sum = y[out.offset(t) + col + c];
        for (int r = 0; r < many; r++) {
          sum = Math.fma(panel[piece + r * Tile.SPREAD + c], factors[t * stride + first + r], sum);
        }
        y[out.offset(t) + col + c] = sum;
      }
    }
  }
}
