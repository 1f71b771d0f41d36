package dev.thermocline.kernels;

import java.util.Arrays;

/** Activations in a Java array: those of the reference and the vector backend. */
public final class HostActivations implements Activations {
  private final int tokens;
  private final int cols;
  private final float[] values;

  /** Allocates {@code [tokens][cols]} zeros. */
  public HostActivations(int tokens, int cols) {
    if (tokens < 1 || cols < 1 || (long) tokens * cols > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "activations: expected 1 to 2^31 elements, got [" + tokens + "][" + cols + "]");
    }
    this.tokens = tokens;
    this.cols = cols;
    this.values = new float[tokens * cols];
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public int cols() {
    return cols;
  }

  /** The values themselves, row after row, not a copy. */
  public float[] values() {
    return values;
  }

  /** Index of the first element of a row in {@link #values()}. */
  public int offset(int token) {
    return token * cols;
  }

  /** Zeroes the first {@code n} rows. */
  public void clear(int n) {
    Arrays.fill(values, 0, n * cols, 0f);
  }

  @Override
  public void close() {}
}
