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

  private static final int WEIGHTS = Math.max(ROWS * COLS, PanelAxpy.FLOATS) + CacheLines.FLOATS;

  private final int[] rows = new int[ROWS];
  private final int[] tokens = new int[TOKENS];

  /** Where each token's elements of the columns lie that are multiplied now. */
  private final int[] offsets = new int[TOKENS];

  private final float[] weights = new float[WEIGHTS];
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

  /** Room for {@link PanelAxpy#FLOATS} decoded weights, from {@link #weightsStart} on. */
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
    int needed = inputFloats(cols, count);
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

  /** Floats that a worker's panel takes with products of so many tokens and columns. */
  static int floats(int cols, int tokens) {
    return WEIGHTS + TOKENS * ROWS * (L + 1) + inputFloats(cols, Math.min(tokens, TOKENS));
  }

  private static int inputFloats(int cols, int count) {
    return (cols + Tile.STRIDE - 1) / Tile.STRIDE * Tile.STRIDE * count + CacheLines.FLOATS;
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
    if (L == 16 && left >= 4) {
      return left >= 8 ? 8 : 4;
    }
    return left == 3 || left > 4 ? 3 : Math.min(left, 2);
  }

  /** Rows of a tile of so many tokens. */
  private static int height(int size) {
    return size > 2 ? 3 : 4;
  }

  private void tiles(int rowCount, int tokenCount, int c, int count) {
    for (int t = 0; t < tokenCount; t++) {
      offsets[t] = input(tokens[t], c);
    }
    int size;
    for (int t = 0; t < tokenCount; t += size) {
      size = group(tokenCount - t);
      for (int r = 0; r < rowCount; r += height(size)) {
        tile(size, piece + r * Tile.STRIDE, t, count, (t * ROWS + size * r) * L);
      }
    }
  }

  private void tile(int size, int w, int t, int count, int o) {
    switch (size) {
      case 8 -> WideTile.three8(weights, w, inputs, offsets, t, count, sums, o, stop);
      case 4 -> WideTile.three4(weights, w, inputs, offsets, t, count, sums, o, stop);
      case 3 -> Tile.three3(weights, w, inputs, offsets, t, count, sums, o, stop);
      case 2 -> Tile.four2(weights, w, inputs, offsets, t, count, sums, o, stop);
      default -> Tile.four1(weights, w, inputs, offsets, t, count, sums, o, stop);
    }
  }

  private void fold(int rowCount, int tokenCount) {
    Lanes.foldToFour(sums, tokenCount * ROWS * L);
    int size;
    for (int t = 0; t < tokenCount; t += size) {
      size = group(tokenCount - t);
      int height = height(size);
      for (int r = 0; r < rowCount; r += height) {
        int from = (t * ROWS + size * r) * L;
        for (int k = 0; k < size; k++) {
          for (int i = 0; i < height; i++) {
            int at = from + (k * height + i) * L;
            results[(t + k) * ROWS + r + i] = Lanes.foldFour(sums, at);
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
