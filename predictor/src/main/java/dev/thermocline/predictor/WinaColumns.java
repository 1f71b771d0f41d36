package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import java.util.Arrays;

/**
 * Keeps the inputs j with {@code abs(x_j) * c_j >= threshold}, where c_j is the L2 norm of column j
 * (WINA, Chen et al., 2025). With all norms equal to one it is plain magnitude (TEAL, Liu et al.,
 * 2024).
 */
public final class WinaColumns implements ColumnSelector {
  private final String name;
  private final float[] norms;
  private final float threshold;

  private WinaColumns(String name, float[] norms, float threshold) {
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException(
          name + ": expected a threshold of at least 0, got " + threshold);
    }
    this.name = name;
    this.norms = norms;
    this.threshold = threshold;
  }

  /** Weighs by column norms, copied. */
  public static WinaColumns of(float[] norms, float threshold) {
    return new WinaColumns("wina", norms.clone(), threshold);
  }

  /** Weighs by column norms, {@code [1][cols]}. */
  public static WinaColumns of(Tensor norms, float threshold) {
    float[] values = new float[norms.cols()];
    norms.decodeRow(0, values, 0);
    return new WinaColumns("wina", values, threshold);
  }

  /** Weighs all columns alike. */
  public static WinaColumns magnitude(int cols, float threshold) {
    float[] ones = new float[cols];
    Arrays.fill(ones, 1f);
    return new WinaColumns("magnitude", ones, threshold);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int cols() {
    return norms.length;
  }

  /** Score below which an input is left out. */
  public float threshold() {
    return threshold;
  }

  @Override
  public void select(HostActivations x, int token, RowSet columns) {
    float[] values = x.values();
    int offset = x.offset(token);
    long[] words = columns.words();
    for (int w = 0; w < words.length; w++) {
      int first = w << 6;
      int last = Math.min(first + 64, norms.length);
      long bits = 0;
      for (int j = first; j < last; j++) {
        // A NaN is kept: it must show in the output as it would in the dense product.
        bits |= Math.abs(values[offset + j]) * norms[j] < threshold ? 0 : 1L << j;
      }
      words[w] = bits;
    }
  }
}
