package dev.thermocline.kernels;

/**
 * How queries meet the keys of a cache.
 *
 * @param heads query heads, a multiple of the cache's
 * @param scale factor of the dot products
 * @param softCap scores become {@code softCap * tanh(score / softCap)}; 0 leaves them as they are
 *     (Gemma 2, 2024)
 * @param window positions that a query sees, its own included; 0 for all up to its own
 */
public record AttentionShape(int heads, float scale, float softCap, int window) {
  public AttentionShape {
    if (heads < 1 || !(softCap >= 0) || window < 0) {
      throw new IllegalArgumentException(
          "attention: expected at least one head, a soft cap and a window of at least 0, got "
              + heads
              + ", "
              + softCap
              + " and "
              + window);
    }
  }

  /** Without soft cap and window. */
  public static AttentionShape of(int heads, float scale) {
    return new AttentionShape(heads, scale, 0, 0);
  }

  /** The first position that a query at {@code position} sees. */
  public int first(int position) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }
}
