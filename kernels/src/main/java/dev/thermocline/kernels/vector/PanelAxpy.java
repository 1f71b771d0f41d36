package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.L;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.util.Arrays;

/**
 * {@code y[t] += sum h[t][i] * row(rows[i])} for several tokens and an ascending list of rows. As
 * in {@link SlicedAxpy}, the rows are cut into slices, each is added up by itself in the order of
 * its rows, and the sums are added to y in the order of the slices: the result is the same at any
 * number of workers and in any batch.
 *
 * <p>A worker takes a slice, fetches a panel of its rows as they lie in memory, then decodes them a
 * piece of columns at a time and adds each piece to all tokens.
 */
final class PanelAxpy {
  /** Rows of a panel: the more, the fewer times sums are read and written. */
  static final int ROWS = 48;

  /** Columns of rows that are fetched together, whole pieces. */
  private static final int COLS = RowPanel.COLS;

  /** Columns of a piece, whose sums stay in the first-level cache. */
  private static final int PIECE = Tile.STRIDE;

  /** Floats of a decoded panel. */
  static final int FLOATS = ROWS * Tile.SPREAD;

  /** Few, since the sums of all slices are written and read again. */
  private static final int MAX_SLICES = 16;

  private final NeuronRows rows;
  private final int cols;
  private final int blocks;
  private final int pieces;
  private final RowSlices slices;
  private final Scratch scratch;
  private final SliceTask sliceTask = new SliceTask();
  private final MergeTask mergeTask = new MergeTask();
  private int[] list = new int[0];
  private float[] factors = new float[0];
  private int stride;
  private int first;
  private int tokens;
  private HostActivations out;

  /** Not a constant, or C2 would drop the exits of {@link Tile}. */
  private int stop = -1;

  PanelAxpy(Tensor tensor, Scratch scratch, HostActivations none) {
    this.rows = new NeuronRows(tensor, null);
    this.cols = tensor.cols();
    this.blocks = (cols + COLS - 1) / COLS;
    this.pieces = (cols + PIECE - 1) / PIECE;
    this.slices = new RowSlices(tensor.rows(), MAX_SLICES);
    this.scratch = scratch;
    this.out = none;
  }

  /**
   * Adds to the first {@code n} rows of {@code to}.
   *
   * @param wanted ascending rows, of which {@code listed} count
   * @param h factors, {@code [tokens][step]}
   */
  void run(
      WorkerPool pool, int[] wanted, int listed, float[] h, int step, int n, HostActivations to) {
    list = wanted;
    factors = h;
    stride = step;
    out = to;
    slices.cut(wanted, listed);
    int most = Math.min(n, RowPanel.TOKENS);
    // Grows with the largest batch so far, as the hidden values do.
    scratch.reservePartial(partialFloats(slices.count(), cols, most));
    for (first = 0; first < n; first += most) {
      tokens = Math.min(most, n - first);
      sliceTask.runAll(pool, slices.count() * blocks, 1);
      mergeTask.runAll(pool, cols, PIECE / 4);
    }
  }

  /** Floats of all slices' sums, at most. */
  static int partialFloats(int cols, int tokens) {
    return partialFloats(MAX_SLICES, cols, tokens);
  }

  private static int partialFloats(int slices, int cols, int tokens) {
    return slices * ((cols + PIECE - 1) / PIECE) * PIECE * Math.min(tokens, RowPanel.TOKENS);
  }

  /** Where the sums of a slice's piece begin, {@code [tokens][PIECE]}. */
  private int sums(int slice, int piece) {
    return (slice * pieces + piece) * tokens * PIECE;
  }

  private final class SliceTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      RowPanel panel = scratch.tile(worker).panel();
      for (int item = from; item < to; item++) {
        int col = item % blocks * COLS;
        add(item / blocks, col, Math.min(cols, col + COLS), panel);
      }
    }

    private void add(int slice, int from, int to, RowPanel panel) {
      for (int c = from; c < to; c += PIECE) {
        int sum = sums(slice, c / PIECE);
        Arrays.fill(scratch.partial(), sum, sum + tokens * PIECE, 0f);
      }
      int end = slices.end(slice);
      for (int i = slices.start(slice); i < end; i += ROWS) {
        int many = Math.min(ROWS, end - i);
        for (int r = 0; r < many; r++) {
          rows.fetch(list[i + r], from, to - from);
        }
        for (int c = from; c < to; c += PIECE) {
          piece(panel, i, many, c, Math.min(PIECE, to - c), sums(slice, c / PIECE));
        }
      }
    }

    private void piece(RowPanel panel, int i, int many, int c, int width, int sum) {
      float[] weights = panel.weights();
      int start = panel.weightsStart();
      for (int r = 0; r < many; r++) {
        rows.decode(list[i + r], c, width, weights, start + r * Tile.SPREAD);
      }
      spread(weights, start, i, many, sum, width);
    }

    private void spread(float[] weights, int at, int i, int many, int sum, int width) {
      int c = 0;
      for (; c <= width - 4 * L && tokens == 2; c += 4 * L) {
        int h = factor(0, i);
        int y = sum + c;
        Tile.spread2(
            weights, at + c, many, factors, h, h + stride, scratch.partial(), y, y + PIECE, stop);
      }
      for (; c <= width - 2 * L; c += 2 * L) {
        for (int t = 0; t < tokens; t += 4) {
          four(weights, at + c, i, many, t, sum + c);
        }
      }
      for (int t = 0; t < tokens && c < width; t++) {
        rest(weights, at, factor(t, i), many, sum + t * PIECE, c, width);
      }
    }

    private int factor(int t, int i) {
      return (first + t) * stride + i;
    }

    /** Four tokens and two vectors; the last token stands in for those that are missing. */
    private void four(float[] weights, int at, int i, int many, int t, int sum) {
      int t1 = Math.min(t + 1, tokens - 1);
      int t2 = Math.min(t + 2, tokens - 1);
      int t3 = Math.min(t + 3, tokens - 1);
      Tile.spread4(
          weights,
          at,
          many,
          factors,
          factor(t, i),
          factor(t1, i),
          factor(t2, i),
          factor(t3, i),
          scratch.partial(),
          sum + t * PIECE,
          sum + t1 * PIECE,
          sum + t2 * PIECE,
          sum + t3 * PIECE,
          stop);
    }

    /** Columns from {@code from} on, less than two vectors. */
    private void rest(float[] weights, int at, int h, int many, int sum, int from, int width) {
      float[] partial = scratch.partial();
      for (int c = from; c < width; c++) {
        float total = partial[sum + c];
        for (int r = 0; r < many; r++) {
          total = Math.fma(weights[at + r * Tile.SPREAD + c], factors[h + r], total);
        }
        partial[sum + c] = total;
      }
    }
  }

  private final class MergeTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      int next;
      for (int c = from; c < to; c = next) {
        next = Math.min(to, (c / PIECE + 1) * PIECE);
        merge(c, next);
      }
    }

    /** Columns of one piece. */
    private void merge(int from, int to) {
      float[] y = out.values();
      float[] partial = scratch.partial();
      int piece = from / PIECE;
      for (int t = 0; t < tokens; t++) {
        int at = out.offset(first + t);
        for (int slice = 0; slice < slices.count(); slice++) {
          int sum = sums(slice, piece) + (t - piece) * PIECE;
          for (int c = from; c < to; c++) {
            y[at + c] += partial[sum + c];
          }
        }
      }
    }
  }
}
