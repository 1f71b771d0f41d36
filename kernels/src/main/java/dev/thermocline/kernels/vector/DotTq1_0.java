package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Tq1_0;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * TQ1_0 rows, decoded: digits in whole vectors, the last sixteen elements of a block one by one.
 */
final class DotTq1_0 extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 54;
  private static final int[] POWERS = {1, 3, 9, 27, 81};

  DotTq1_0(Tq1_0 format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int blocks = count / 256;
    for (int b = 0; b < blocks; b++) {
      long o = offset + b * (long) BLOCK;
      float scale = Float.float16ToFloat(data.get(HALF, o + 52));
      digits(data, o, 32, scale, out, at + b * 256);
      digits(data, o + 32, 16, scale, out, at + b * 256 + 160);
      for (int i = 0; i < 16; i++) {
        int fraction = data.get(BYTE, o + 48 + i % 4) * POWERS[i / 4] & 255;
        out[at + b * 256 + 240 + i] = ((fraction * 3 >> 8) - 1) * scale;
      }
    }
  }

  /** The five digits of {@code length} bytes. */
  private static void digits(
      MemorySegment data, long from, int length, float scale, float[] out, int at) {
    for (int n = 0; n < 5; n++) {
      for (int k = 0; k < length; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, from + k, LE);
        IntVector digit0 =
            ((IntVector) bytes.castShape(I, 0))
                .mul(POWERS[n])
                .and(255)
                .mul(3)
                .lanewise(VectorOperators.LSHR, 8)
                .sub(1);
        ((FloatVector) digit0.castShape(F, 0)).mul(scale).intoArray(out, at + n * length + k);
        if (HALVES) {
          IntVector digit1 =
              ((IntVector) bytes.castShape(I, 1))
                  .mul(POWERS[n])
                  .and(255)
                  .mul(3)
                  .lanewise(VectorOperators.LSHR, 8)
                  .sub(1);
          ((FloatVector) digit1.castShape(F, 0)).mul(scale).intoArray(out, at + n * length + k + 4);
        }
      }
    }
  }
}
