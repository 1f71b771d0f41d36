package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;

/**
 * Keeps exactly k inputs, those with the largest {@code abs(x_j) * c_j}; among equals the first.
 * The form in which WINA is defined; {@link WinaColumns} is its threshold form and costs less.
 */
public final class TopColumns implements ColumnSelector {
  private final float[] norms;
  private final int keep;
  private final float[] scores;
  private final float[] order;

  /**
   * Keeps {@code keep} inputs of {@code norms.length}.
   *
   * @param norms L2 norms of the columns, or ones for plain magnitude; copied
   */
  public TopColumns(float[] norms, int keep) {
    if (keep < 1 || keep > norms.length) {
      throw new IllegalArgumentException(
          "top columns: expected 1 to " + norms.length + " inputs to keep, got " + keep);
    }
    this.norms = norms.clone();
    this.keep = keep;
    this.scores = new float[norms.length];
    this.order = new float[norms.length];
  }

  @Override
  public String name() {
    return "top-" + keep;
  }

  @Override
  public int cols() {
    return norms.length;
  }

  @Override
  public void select(HostActivations x, int token, RowSet columns) {
    int offset = x.offset(token);
    for (int j = 0; j < norms.length; j++) {
      float score = Math.abs(x.values()[offset + j]) * norms[j];
      scores[j] = Float.isNaN(score) ? Float.POSITIVE_INFINITY : score;
    }
    System.arraycopy(scores, 0, order, 0, order.length);
    float limit = largest(order, keep);
    columns.clear();
    int left = keep;
    for (int j = 0; j < norms.length; j++) {
      if (scores[j] > limit) {
        columns.add(j);
        left--;
      }
    }
    for (int j = 0; j < norms.length && left > 0; j++) {
      if (scores[j] == limit) {
        columns.add(j);
        left--;
      }
    }
  }

  /** The k-th largest value, by Hoare's selection; reorders {@code values}. */
  private static float largest(float[] values, int k) {
    int low = 0;
    int high = values.length - 1;
    int wanted = k - 1;
    while (low < high) {
      float pivot = values[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] > pivot) {
          i++;
        }
        while (values[j] < pivot) {
          j--;
        }
        if (i <= j) {
          float swap = values[i];
          values[i++] = values[j];
          values[j--] = swap;
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        break;
      }
    }
    return values[wanted];
  }
}
