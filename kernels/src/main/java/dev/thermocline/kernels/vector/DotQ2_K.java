package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Q2_K;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Q2_K rows, a group of 16 at a time, decoded. */
final class DotQ2_K extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 84;

  DotQ2_K(Q2_K format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 16;
    for (int n = 0; n < groups; n++) {
      // Half h of a block, stripe j, first or second group g of it.
      long o = offset + n / 16 * (long) BLOCK;
      int h = n / 8 % 2;
      int j = n / 2 % 4;
      int g = n % 2;
      int group = data.get(BYTE, o + n % 16);
      float scale = Float.float16ToFloat(data.get(HALF, o + 80)) * (group & 15);
      float minimum = Float.float16ToFloat(data.get(HALF, o + 82)) * (group >> 4 & 15);
      FloatVector factor = FloatVector.broadcast(F, scale);
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 16 + h * 32 + g * 16 + k, LE);
        IntVector quants0 =
            ((IntVector) bytes.castShape(I, 0)).lanewise(VectorOperators.LSHR, 2 * j).and(3);
        ((FloatVector) quants0.castShape(F, 0))
            .mul(factor)
            .sub(minimum)
            .intoArray(out, at + n * 16 + k);
        if (HALVES) {
          IntVector quants1 =
              ((IntVector) bytes.castShape(I, 1)).lanewise(VectorOperators.LSHR, 2 * j).and(3);
          ((FloatVector) quants1.castShape(F, 0))
              .mul(factor)
              .sub(minimum)
              .intoArray(out, at + n * 16 + k + 4);
        }
      }
    }
  }
}
