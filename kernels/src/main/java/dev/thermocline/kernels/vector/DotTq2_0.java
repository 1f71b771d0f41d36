package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Tq2_0;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** TQ2_0 rows, 32 elements at a time, decoded. */
final class DotTq2_0 extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int BLOCK = 66;

  DotTq2_0(Tq2_0 format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int stripes = count / 32;
    for (int n = 0; n < stripes; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      FloatVector scale = FloatVector.broadcast(F, Float.float16ToFloat(data.get(HALF, o + 64)));
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + n / 4 % 2 * 32 + k, LE);
        IntVector codes0 =
            ((IntVector) bytes.castShape(I, 0))
                .lanewise(VectorOperators.LSHR, 2 * (n % 4))
                .and(3)
                .sub(1);
        ((FloatVector) codes0.castShape(F, 0)).mul(scale).intoArray(out, at + n * 32 + k);
        if (HALVES) {
          IntVector codes1 =
              ((IntVector) bytes.castShape(I, 1))
                  .lanewise(VectorOperators.LSHR, 2 * (n % 4))
                  .and(3)
                  .sub(1);
          ((FloatVector) codes1.castShape(F, 0)).mul(scale).intoArray(out, at + n * 32 + k + 4);
        }
      }
    }
  }
}
