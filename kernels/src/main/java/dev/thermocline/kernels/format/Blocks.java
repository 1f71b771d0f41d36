package dev.thermocline.kernels.format;

/** What the block formats share. */
final class Blocks {
  private Blocks() {}

  static void check(TensorFormat format, int count) {
    if (count % format.blockElements() != 0) {
      throw new IllegalArgumentException(
          format
              + ": expected a multiple of "
              + format.blockElements()
              + " elements, got "
              + count);
    }
  }

  /** To nearest, halves away from zero, as C's {@code roundf}. */
  static int round(float value) {
    return (int) (value < 0 ? value - 0.5f : value + 0.5f);
  }
}
