package dev.thermocline.models;

import dev.thermocline.kernels.RopeStyle;

/**
 * Rotary positions of a model.
 *
 * @param style which elements of a head form pairs
 * @param dimensions leading elements of a head that are turned; 0 for a model without rotary
 *     positions
 * @param skipEvery of so many layers one is not turned; 0 where all are
 * @param skipAt which of them
 * @param sliding how the layers with a sliding window differ
 */
public record RopeConfig(
    RopeStyle style, int dimensions, int skipEvery, int skipAt, Sliding sliding) {

  /**
   * Rotary positions of layers with a sliding window.
   *
   * @param base of their frequencies; 0 for that of the other layers
   * @param scaled whether they are stretched as the other layers are
   */
  public record Sliding(double base, boolean scaled) {
    /** No difference. */
    public static final Sliding SAME = new Sliding(0, true);
  }

  /** Whether a layer's queries and keys are turned. */
  public boolean turns(int layer) {
    return dimensions > 0 && (skipEvery == 0 || layer % skipEvery != skipAt);
  }
}
