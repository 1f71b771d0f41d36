package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.L;

/** Input order of the 16-bit formats: of every 2L elements first the even, then the odd ones. */
final class EvenOdd {
  private EvenOdd() {}

  /**
   * Writes {@code x[offset ...]} to {@code out}, the elements past the last 4L group in plain
   * order.
   */
  static void arrange(float[] x, int offset, int cols, float[] out) {
    int whole = cols - cols % (4 * L);
    for (int i = 0; i < whole; i += 2 * L) {
      for (int j = 0; j < L; j++) {
        out[i + j] = x[offset + i + 2 * j];
        out[i + L + j] = x[offset + i + 2 * j + 1];
      }
    }
    System.arraycopy(x, offset + whole, out, whole, cols - whole);
  }
}
