package dev.thermocline.bench;

import dev.thermocline.kernels.HostActivations;

/** Compares what will be measured with the reference; a fast wrong result is no result. */
public final class Check {
  /**
   * Mean squared error over mean square: float sums in another order stay well below, also where
   * terms cancel.
   */
  public static final double ROUNDING = 1e-9;

  private Check() {}

  /**
   * Compares the first {@code n} rows.
   *
   * @param what is measured, for the message
   * @param tolerance most that the mean squared error over the mean square may be
   * @throws IllegalStateException if they are further apart
   */
  public static void close(
      String what, HostActivations expected, HostActivations actual, int n, double tolerance) {
    double squares = 0;
    double errors = 0;
    for (int i = 0; i < n * expected.cols(); i++) {
      double error = (double) actual.values()[i] - expected.values()[i];
      errors += error * error;
      squares += (double) expected.values()[i] * expected.values()[i];
    }
    double relative = errors / squares;
    // Written so that a NaN fails too.
    if (!(relative <= tolerance)) {
      throw new IllegalStateException(
          what
              + ": expected the reference's result within "
              + tolerance
              + " (mean squared error over mean square), got "
              + relative);
    }
  }
}
