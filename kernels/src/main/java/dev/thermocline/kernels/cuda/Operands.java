package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.RowSet;

/** Checks of what callers pass. */
final class Operands {
  private Operands() {}

  /** The activations as ours, {@code n} rows of {@code cols} elements at least. */
  static CudaActivations check(String subject, Activations x, int n, int cols) {
    if (!(x instanceof CudaActivations ours)) {
      throw new IllegalArgumentException(
          subject + ": expected activations of the CUDA backend, got " + x.getClass().getName());
    }
    if (x.cols() != cols || n < 0 || n > x.tokens()) {
      throw new IllegalArgumentException(
          subject
              + ": expected ["
              + n
              + "]["
              + cols
              + "], got ["
              + x.tokens()
              + "]["
              + x.cols()
              + "]");
    }
    return ours;
  }

  /** Checks that a set is over {@code bound} rows. */
  static void checkBound(String subject, RowSet set, int bound) {
    if (set.bound() != bound) {
      throw new IllegalArgumentException(
          subject + ": expected a set over " + bound + ", got one over " + set.bound());
    }
  }
}
