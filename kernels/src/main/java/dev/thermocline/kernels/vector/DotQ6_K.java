package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Q6_K;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K rows, 32 bytes of low bits at a time: they hold two stripes of 32 elements, whose high
 * nibbles are taken in place against inputs a sixteenth of their size. The offset of 32 is taken
 * out through the sums of the groups' inputs.
 */
final class DotQ6_K extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 210;

  DotQ6_K(Q6_K format) {
    super(format);
  }

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    float[] values = input.values();
    float[] sums = input.blockSums();
    for (int g = 0; g < cols; g += 16) {
      // Stripes 2 and 3 of each half of a block are high nibbles.
      float factor = g % 128 < 64 ? 1f : 0x1p-4f;
      float sum = 0;
      for (int i = g; i < g + 16; i++) {
        values[i] = x[offset + i] * factor;
        sum += x[offset + i];
      }
      sums[g / 16] = -32 * sum;
    }
  }

  @Override
  public float dot(MemorySegment data, long start, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    float[] sums = input.blockSums();
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    float offset = 0;
    int groups = cols / 32;
    for (int n = 0; n < groups; n++) {
      // Half h of a block, stripes j and j + 2, first or second group g of each.
      long o = start + n / 8 * (long) BLOCK;
      int h = n / 4 % 2;
      int j = n / 2 % 2;
      int g = n % 2;
      int i = n / 4 * 128 + j * 32 + g * 16;
      long low = o + h * 64 + j * 32 + g * 16;
      long high = o + 128 + h * 32 + g * 16;
      FloatVector even = FloatVector.zero(F);
      FloatVector odd = even;
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, low + k, LE);
        ByteVector bits = ByteVector.fromMemorySegment(B, data, high + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        IntVector u = ((IntVector) bits.castShape(I, 0)).lanewise(VectorOperators.LSHL, 4 - 2 * j);
        // Values of stripe j + 2 come out sixteen times too large.
        IntVector lowQ = q.and(15).or(u.and(0x30));
        even = ((FloatVector) lowQ.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k), even);
        IntVector highQ = q.and(240).or(u.and(0x300));
        odd =
            ((FloatVector) highQ.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k + 64), odd);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          IntVector v =
              ((IntVector) bits.castShape(I, 1)).lanewise(VectorOperators.LSHL, 4 - 2 * j);
          IntVector lowR = r.and(15).or(v.and(0x30));
          even =
              ((FloatVector) lowR.castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 4), even);
          IntVector highR = r.and(240).or(v.and(0x300));
          odd =
              ((FloatVector) highR.castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 68), odd);
        }
      }
      long group = o + 192 + h * 8 + j * 2 + g;
      float scale = Float.float16ToFloat(data.get(HALF, o + 208));
      float first = scale * data.get(BYTE, group);
      float second = scale * data.get(BYTE, group + 4);
      acc0 = even.fma(FloatVector.broadcast(F, first), acc0);
      acc1 = odd.fma(FloatVector.broadcast(F, second), acc1);
      offset = Math.fma(first, sums[i / 16], offset);
      offset = Math.fma(second, sums[i / 16 + 4], offset);
    }
    acc0.add(acc1).intoArray(own, 0);
    return Lanes.fold(own, 0) + offset;
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 32;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      int h = n / 4 % 2;
      int j = n / 2 % 2;
      int g = n % 2;
      int i = at + n / 4 * 128 + j * 32 + g * 16;
      long low = o + h * 64 + j * 32 + g * 16;
      long high = o + 128 + h * 32 + g * 16;
      long group = o + 192 + h * 8 + j * 2 + g;
      float scale = Float.float16ToFloat(data.get(HALF, o + 208));
      FloatVector first = FloatVector.broadcast(F, scale * data.get(BYTE, group));
      FloatVector second = FloatVector.broadcast(F, scale * data.get(BYTE, group + 4) * 0x1p-4f);
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, low + k, LE);
        ByteVector bits = ByteVector.fromMemorySegment(B, data, high + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        IntVector u = ((IntVector) bits.castShape(I, 0)).lanewise(VectorOperators.LSHL, 4 - 2 * j);
        IntVector lowQ = q.and(15).or(u.and(0x30));
        ((FloatVector) lowQ.castShape(F, 0)).sub(32).mul(first).intoArray(out, i + k);
        IntVector highQ = q.and(240).or(u.and(0x300));
        ((FloatVector) highQ.castShape(F, 0)).sub(512).mul(second).intoArray(out, i + k + 64);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          IntVector v =
              ((IntVector) bits.castShape(I, 1)).lanewise(VectorOperators.LSHL, 4 - 2 * j);
          IntVector lowR = r.and(15).or(v.and(0x30));
          ((FloatVector) lowR.castShape(F, 0)).sub(32).mul(first).intoArray(out, i + k + 4);
          IntVector highR = r.and(240).or(v.and(0x300));
          ((FloatVector) highR.castShape(F, 0)).sub(512).mul(second).intoArray(out, i + k + 68);
        }
      }
    }
  }
}
