package dev.thermocline.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four elements of a codebook's entry at a time, whatever the vector width: entries have four or
 * eight.
 */
final class Codewords {
  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

  /** The factors of all sixteen combinations of four signs; bit i makes element i negative. */
  private static final float[] SIGNS = signs();

  private Codewords() {}

  private static float[] signs() {
    float[] signs = new float[16 * 4];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = (i / 4 >> i % 4 & 1) == 0 ? 1f : -1f;
    }
    return signs;
  }

  /**
   * {@code out[at + i] = scale * values[entry + i]}, negative where {@code signs} has a bit, i < 4.
   */
  static void four(float[] values, int entry, int signs, float scale, float[] out, int at) {
    FloatVector.fromArray(FOUR, values, entry)
        .mul(FloatVector.fromArray(FOUR, SIGNS, (signs & 15) * 4))
        .mul(scale)
        .intoArray(out, at);
  }

  /** {@code out[at + i] = scale * (values[entry + i] + shift)}, i < 4. */
  static void shifted(float[] values, int entry, float shift, float scale, float[] out, int at) {
    FloatVector.fromArray(FOUR, values, entry).add(shift).mul(scale).intoArray(out, at);
  }
}
