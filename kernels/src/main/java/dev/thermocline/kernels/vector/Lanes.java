package dev.thermocline.kernels.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this process: the machine's, or the system property {@code
 * thermocline.vector.bits} (128, 256, 512), which the tests set. The species are constants, since
 * C2 compiles kernels over anything else a hundred times slower.
 */
final class Lanes {
  static final int BITS = bits();
  static final VectorSpecies<Float> F = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
  static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED.withShape(F.vectorShape());

  /** Float lanes, L. */
  static final int L = F.length();

  /** As many shorts as there are float lanes. */
  static final VectorSpecies<Short> S =
      ShortVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(Math.max(64, BITS / 2)));

  /**
   * As many bytes as there are float lanes; at 128 bits twice as many, since no byte vector is
   * shorter than 64 bits: there a load feeds two float vectors.
   */
  static final VectorSpecies<Byte> B =
      ByteVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(Math.max(64, BITS / 4)));

  /** Whether one byte vector feeds two float vectors. */
  static final boolean HALVES = BITS == 128;

  private Lanes() {}

  /**
   * Sum of the L floats of a vector in one fixed order: halves, quarters, pairs. {@code
   * reduceLanes} leaves the order open and does change it when C2 replaces interpreted code, so
   * that the same forward pass would give other bits once warm.
   */
  static float fold(float[] v, int at) {
    return switch (L) {
      case 4 -> foldFour(v, at);
      case 8 ->
          ((v[at] + v[at + 4]) + (v[at + 2] + v[at + 6]))
              + ((v[at + 1] + v[at + 5]) + (v[at + 3] + v[at + 7]));
      default -> fold16(v, at);
    };
  }

  /**
   * The first steps of {@link #fold} for many vectors in a row: leaves in the first four floats of
   * each what {@link #foldFour} ends.
   *
   * @param count floats, whole vectors
   */
  static void foldToFour(float[] v, int count) {
    for (int i = 0; i <= count - L; i += L) {
      if (L == 16) {
        FloatVector low = FloatVector.fromArray(FloatVector.SPECIES_256, v, i);
        low.add(FloatVector.fromArray(FloatVector.SPECIES_256, v, i + 8)).intoArray(v, i);
      }
      if (L >= 8) {
        FloatVector low = FloatVector.fromArray(FloatVector.SPECIES_128, v, i);
        low.add(FloatVector.fromArray(FloatVector.SPECIES_128, v, i + 4)).intoArray(v, i);
      }
    }
  }

  /** The last steps of {@link #fold}, halves and pairs of four floats. */
  static float foldFour(float[] v, int at) {
    return (v[at] + v[at + 2]) + (v[at + 1] + v[at + 3]);
  }

  private static float fold16(float[] v, int at) {
    float even = ((v[at] + v[at + 8]) + (v[at + 4] + v[at + 12]));
    even += (v[at + 2] + v[at + 10]) + (v[at + 6] + v[at + 14]);
    float odd = ((v[at + 1] + v[at + 9]) + (v[at + 5] + v[at + 13]));
    odd += (v[at + 3] + v[at + 11]) + (v[at + 7] + v[at + 15]);
    return even + odd;
  }

  private static int bits() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    int bits = Integer.getInteger("thermocline.vector.bits", Math.min(preferred, 512));
    if (bits != 128 && bits != 256 && bits != 512) {
      throw new IllegalArgumentException(
          "thermocline.vector.bits: expected 128, 256 or 512, got " + bits);
    }
    return bits;
  }
}
