package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.L;

import java.util.Arrays;

/**
 * One worker's products of a few rows with many tokens. The rows are decoded a piece of {@link
 * Tile#STRIDE} columns at a time, which stays in the first-level cache while all tokens pass by;
 * what is summed so far waits in memory, lane by lane. The caller fills {@link #rows()} and {@link
 * #tokens()} and reads {@link #results()}.
 */
final class RowPanel {
  /** Rows of a panel, whole tiles of three and of four. */
  static final int ROWS = 12;

  /** Most tokens of a product. */
  static final int TOKENS = 64;

  /** Columns that are decoded at a time, whole pieces. */
  private static final int COLS = 2048;

  private final int[] rows = new int[ROWS];
  private final int[] tokens = new int[TOKENS];
  private final float[] weights = new float[ROWS * COLS];
  private final float[] sums = new float[TOKENS * ROWS * L];
  private final float[] results = new float[TOKENS * ROWS];
  private final float[] spread = new float[PanelAxpy.ROWS * PanelAxpy.COLS];

  /** Where in the decoded weights the columns lie that are multiplied now. */
  private int piece;

  /** Not a constant, or C2 would drop the exits of {@link Tile}. */
  private int stop = -1;

  /** Numbers of the rows. */
  int[] rows() {
    return rows;
  }

  /** Offsets of the tokens' activations. */
  int[] tokens() {
    return tokens;
  }

  /** Rows that {@link PanelAxpy} decodes. */
  float[] spread() {
    return spread;
  }

  /** Products, {@code [tokens][ROWS]}. */
  float[] results() {
    return results;
  }

  /**
   * Multiplies the first {@code rowCount} rows with the first {@code tokenCount} tokens.
   *
   * @param cols columns of both
   */
  void multiply(DecodedRows source, int rowCount, int tokenCount, int cols, float[] x) {
    Arrays.fill(sums, 0, tokenCount * ROWS * L, 0f);
    for (int c = 0; c < cols; c += COLS) {
      int end = Math.min(c + COLS, cols);
      decode(source, rowCount, c, end);
      for (int at = c; at < end; at += Tile.STRIDE) {
        piece = (at - c) * ROWS;
        tiles(rowCount, tokenCount, at, Math.min(Tile.STRIDE, end - at), x);
      }
    }
    fold(rowCount, tokenCount);
    int whole = cols / L * L;
    if (whole < cols) {
      tails(rowCount, tokenCount, whole, cols, x);
    }
  }

  /** Row after row, as they lie in memory, so that the processor foresees what is read next. */
  private void decode(DecodedRows source, int rowCount, int from, int to) {
    for (int r = 0; r < rowCount; r++) {
      for (int c = from; c < to; c += Tile.STRIDE) {
        int at = (c - from) * ROWS + r * Tile.STRIDE;
        source.decode(rows[r], c, Math.min(Tile.STRIDE, to - c), weights, at);
      }
    }
  }

  /** Tokens of the next tile if {@code left} are left: no single one but a lonely one. */
  private static int group(int left) {
    return left == 3 || left > 4 ? 3 : Math.min(left, 2);
  }

  private void tiles(int rowCount, int tokenCount, int c, int count, float[] x) {
    int size;
    for (int t = 0; t < tokenCount; t += size) {
      size = group(tokenCount - t);
      int o = t * ROWS * L;
      switch (size) {
        case 3 -> threes(rowCount, t, c, count, x, o);
        case 2 -> twos(rowCount, t, c, count, x, o);
        default -> ones(rowCount, t, c, count, x, o);
      }
    }
  }

  private void threes(int rowCount, int t, int c, int count, float[] x, int o) {
    int x0 = tokens[t] + c;
    int x1 = tokens[t + 1] + c;
    int x2 = tokens[t + 2] + c;
    for (int r = 0; r < rowCount; r += 3) {
      Tile.three3(
          weights, piece + r * Tile.STRIDE, x, x0, x1, x2, count, sums, o + 3 * r * L, stop);
    }
  }

  private void twos(int rowCount, int t, int c, int count, float[] x, int o) {
    int x0 = tokens[t] + c;
    int x1 = tokens[t + 1] + c;
    for (int r = 0; r < rowCount; r += 4) {
      Tile.four2(weights, piece + r * Tile.STRIDE, x, x0, x1, count, sums, o + 2 * r * L, stop);
    }
  }

  private void ones(int rowCount, int t, int c, int count, float[] x, int o) {
    for (int r = 0; r < rowCount; r += 4) {
      Tile.four1(weights, piece + r * Tile.STRIDE, x, tokens[t] + c, count, sums, o + r * L, stop);
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
  private void tails(int rowCount, int tokenCount, int from, int cols, float[] x) {
    int shift = (cols - 1) / Tile.STRIDE * Tile.STRIDE;
    for (int t = 0; t < tokenCount; t++) {
      for (int r = 0; r < rowCount; r++) {
        float sum = results[t * ROWS + r];
        for (int c = from; c < cols; c++) {
          sum = Math.fma(weights[piece + r * Tile.STRIDE + c - shift], x[tokens[t] + c], sum);
        }
        results[t * ROWS + r] = sum;
      }
    }
  }
}
