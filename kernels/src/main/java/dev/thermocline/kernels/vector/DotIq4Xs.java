package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;

import dev.thermocline.kernels.format.FourBitValues;
import dev.thermocline.kernels.format.Iq4Xs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** IQ4_XS rows, decoded: 16 nibbles at a time pick their levels from a vector. */
final class DotIq4Xs extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ByteVector LEVELS =
      ByteVector.fromArray(ByteVector.SPECIES_128, FourBitValues.levels(), 0);
  private static final VectorSpecies<Byte> SIXTEEN = ByteVector.SPECIES_128;
  private static final int BLOCK = 136;

  DotIq4Xs(Iq4Xs format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 32;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      int g = n % 8;
      int lower = data.get(BYTE, o + 4 + g / 2) >> g % 2 * 4 & 15;
      int upper = data.get(HALF, o + 2) >> g * 2 & 3;
      float scale = Float.float16ToFloat(data.get(HALF, o)) * ((lower | upper << 4) - 32);
      FloatVector factor = FloatVector.broadcast(F, scale);
      ByteVector q = ByteVector.fromMemorySegment(SIXTEEN, data, o + 8 + g * 16, LE);
      // The low nibbles are the first half of the group, the high ones the second.
      for (int half = 0; half < 2; half++) {
        ByteVector index = q.lanewise(VectorOperators.LSHR, 4 * half).and((byte) 15);
        ByteVector levels = index.selectFrom(LEVELS);
        int to = at + n * 32 + half * 16;
        ((FloatVector) levels.castShape(F, 0)).mul(factor).intoArray(out, to);
        if (L <= 8) {
          ((FloatVector) levels.castShape(F, 1)).mul(factor).intoArray(out, to + L);
        }
        if (L == 4) {
          ((FloatVector) levels.castShape(F, 2)).mul(factor).intoArray(out, to + 8);
          ((FloatVector) levels.castShape(F, 3)).mul(factor).intoArray(out, to + 12);
        }
      }
    }
  }
}
