package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.L;

import dev.thermocline.kernels.HostActivations;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One worker's products of a few rows with many tokens. The rows are decoded a piece of {@link
 * Tile#STRIDE} columns at a time, which stays in the first-level cache while all tokens pass by;
 * what is summed so far waits in memory, lane by lane. The caller calls {@link #load}, fills {@link
 * #rows()} and {@link #tokens()} and reads {@link #results()}.
 *
 * <p>A worker copies the activations of a product before its first panel: the same columns of all
 * tokens together, so that they do not push each other out of the cache, and like the decoded rows
 * from the beginning of a cache line on.
 */
final class RowPanel {
  /** Rows of a panel, whole tiles of three and of four. */
  static final int ROWS = 12;

  /** Most tokens of a product. */
  static final int TOKENS = 64;

  /** Columns that are decoded at a time, whole pieces. */
  static final int COLS = 2048;

  private final int[] rows = new int[ROWS];
  private final int[] tokens = new int[TOKENS];
  private final float[] weights = new float[PanelAxpy.ROWS * COLS + CacheLines.FLOATS];
  private final MemorySegment weightsAddress = MemorySegment.ofArray(weights);
  private final float[] sums = new float[TOKENS * ROWS * L];
  private final float[] results = new float[TOKENS * ROWS];

  /** Activations, {@code [pieces][loaded][STRIDE]} from {@link #inputStart} on. */
  private float[] inputs = new float[0];

  private MemorySegment inputsAddress = MemorySegment.ofArray(inputs);
  private int inputStart;
  private int loaded;
  private long product;

  /** Where in the decoded weights the columns lie that are multiplied now. */
  private int piece;

  /** Not a constant, or C2 would drop the exits of {@link Tile}. */
  private int stop = -1;

  /** Numbers of the rows. */
  int[] rows() {
    return rows;
  }

  /** Which of the loaded tokens, in ascending order. */
  int[] tokens() {
    return tokens;
  }

  /** Room for {@link PanelAxpy#ROWS} decoded rows, from {@link #weightsStart} on. */
  float[] weights() {
    return weights;
  }

  /** Where in {@link #weights()} a cache line begins. */
  int weightsStart() {
    return CacheLines.start(weightsAddress);
  }

  /** Products, {@code [tokens][ROWS]}. */
  float[] results() {
    return results;
  }

  /**
   * Copies the activations of tokens {@code first} to {@code first + count - 1}, unless that was
   * done for this product before.
   */
  void load(long number, HostActivations x, int first, int count) {
    if (product == number) {
      return;
    }
    product = number;
    loaded = count;
    int cols = x.cols();
    int needed = (cols + Tile.STRIDE - 1) / Tile.STRIDE * Tile.STRIDE * count + CacheLines.FLOATS;
    // Grows with the largest batch so far.
    if (inputs.length < needed) {
      inputs = new float[needed];
      inputsAddress = MemorySegment.ofArray(inputs);
    }
    inputStart = CacheLines.start(inputsAddress);
    for (int t = 0; t < count; t++) {
      int from = x.offset(first + t);
      for (int c = 0; c < cols; c += Tile.STRIDE) {
        int width = Math.min(Tile.STRIDE, cols - c);
        System.arraycopy(x.values(), from + c, inputs, input(t, c), width);
      }
    }
  }

  /** Where the columns from {@code c} on, a whole piece, of a loaded token lie. */
  private int input(int token, int c) {
    return inputStart + c * loaded + token * Tile.STRIDE;
  }

  /**
   * Multiplies the first {@code rowCount} rows with the first {@code tokenCount} tokens.
   *
   * @param cols columns of both
   */
  void multiply(DecodedRows source, int rowCount, int tokenCount, int cols) {
    Arrays.fill(sums, 0, tokenCount * ROWS * L, 0f);
    int start = weightsStart();
    for (int c = 0; c < cols; c += COLS) {
      int end = Math.min(c + COLS, cols);
      decode(source, rowCount, c, end, start);
      for (int at = c; at < end; at += Tile.STRIDE) {
        piece = start + (at - c) * ROWS;
        tiles(rowCount, tokenCount, at, Math.min(Tile.STRIDE, end - at));
      }
    }
    fold(rowCount, tokenCount);
    int whole = cols / L * L;
    if (whole < cols) {
      tails(rowCount, tokenCount, whole, cols);
    }
  }

  /** Row after row, as they lie in memory, so that the processor foresees what is read next. */
  private void decode(DecodedRows source, int rowCount, int from, int to, int start) {
    for (int r = 0; r < rowCount; r++) {
      for (int c = from; c < to; c += Tile.STRIDE) {
        int at = start + (c - from) * ROWS + r * Tile.STRIDE;
        source.decode(rows[r], c, Math.min(Tile.STRIDE, to - c), weights, at);
      }
    }
  }

  /** Tokens of the next tile if {@code left} are left: no single one but a lonely one. */
  private static int group(int left) {
    return left == 3 || left > 4 ? 3 : Math.min(left, 2);
  }

  private void tiles(int rowCount, int tokenCount, int c, int count) {
    int size;
    for (int t = 0; t < tokenCount; t += size) {
      size = group(tokenCount - t);
      int o = t * ROWS * L;
      switch (size) {
        case 3 -> threes(rowCount, t, c, count, o);
        case 2 -> twos(rowCount, t, c, count, o);
        default -> ones(rowCount, t, c, count, o);
      }
    }
  }

  private void threes(int rowCount, int t, int c, int count, int o) {
    int x0 = input(tokens[t], c);
    int x1 = input(tokens[t + 1], c);
    int x2 = input(tokens[t + 2], c);
    for (int r = 0; r < rowCount; r += 3) {
      Tile.three3(
          weights, piece + r * Tile.STRIDE, inputs, x0, x1, x2, count, sums, o + 3 * r * L, stop);
    }
  }

  private void twos(int rowCount, int t, int c, int count, int o) {
    int x0 = input(tokens[t], c);
    int x1 = input(tokens[t + 1], c);
    for (int r = 0; r < rowCount; r += 4) {
      Tile.four2(
          weights, piece + r * Tile.STRIDE, inputs, x0, x1, count, sums, o + 2 * r * L, stop);
    }
  }

  private void ones(int rowCount, int t, int c, int count, int o) {
    int x0 = input(tokens[t], c);
    for (int r = 0; r < rowCount; r += 4) {
      Tile.four1(weights, piece + r * Tile.STRIDE, inputs, x0, count, sums, o + r * L, stop);
    }
  }

  private void fold(int rowCount, int tokenCount) {
    int size;
    for (int t = 0; t < tokenCount; t += size) {
      size = group(tokenCount - t);
      int step = size == 3 ? 3 : 4;
      for (int r = 0; r < rowCount; r += step) {
        int from = (t * ROWS + size * r) * L;
        for (int k = 0; k < size; k++) {
          for (int i = 0; i < step; i++) {
            results[(t + k) * ROWS + r + i] = Lanes.fold(sums, from + (k * step + i) * L);
          }
        }
      }
    }
  }

  /** Adds the columns behind the last whole vector. */
  private void tails(int rowCount, int tokenCount, int from, int cols) {
    int last = (cols - 1) / Tile.STRIDE * Tile.STRIDE;
    for (int t = 0; t < tokenCount; t++) {
      int x = input(tokens[t], last) - last;
      for (int r = 0; r < rowCount; r++) {
        int w = piece + r * Tile.STRIDE - last;
        float sum = results[t * ROWS + r];
        for (int c = from; c < cols; c++) {
          sum = Math.fma(weights[w + c], inputs[x + c], sum);
        }
        results[t * ROWS + r] = sum;
      }
    }
  }
}
