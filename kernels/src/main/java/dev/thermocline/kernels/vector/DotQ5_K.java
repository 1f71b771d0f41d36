package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Q5_K;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Q5_K rows, as {@link DotQ4_K} with fifth bits. */
final class DotQ5_K extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int BLOCK = 176;

  DotQ5_K(Q5_K format) {
    super(format);
  }

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    float[] values = input.values();
    float[] sums = input.blockSums();
    for (int b = 0; b < cols; b += 64) {
      float first = 0;
      float second = 0;
      for (int i = 0; i < 32; i++) {
        values[b + i] = x[offset + b + i];
        values[b + i + 32] = x[offset + b + i + 32] * 0x1p-4f;
        first += x[offset + b + i];
        second += x[offset + b + i + 32];
      }
      sums[b / 32] = first;
      sums[b / 32 + 1] = second;
    }
  }

  @Override
  public float dot(MemorySegment data, long start, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    float[] sums = input.blockSums();
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    float offset = 0;
    int pairs = cols / 64;
    for (int p = 0; p < pairs; p++) {
      long o = start + p / 4 * (long) BLOCK;
      int pair = p % 4;
      int i = p * 64;
      FloatVector even = FloatVector.zero(F);
      FloatVector odd = even;
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 48 + pair * 32 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        ByteVector bits = ByteVector.fromMemorySegment(B, data, o + 16 + k, LE);
        IntVector h =
            ((IntVector) bits.castShape(I, 0))
                .lanewise(VectorOperators.LSHL, 4)
                .lanewise(VectorOperators.LSHR, 2 * pair);
        // Of each pair of groups the second has values sixteen times too large.
        IntVector lowQ = q.and(15).or(h.and(16));
        even = ((FloatVector) lowQ.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k), even);
        IntVector highQ = q.and(240).or(h.lanewise(VectorOperators.LSHL, 3).and(256));
        odd =
            ((FloatVector) highQ.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k + 32), odd);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          IntVector g =
              ((IntVector) bits.castShape(I, 1))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, 2 * pair);
          IntVector lowR = r.and(15).or(g.and(16));
          even =
              ((FloatVector) lowR.castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 4), even);
          IntVector highR = r.and(240).or(g.lanewise(VectorOperators.LSHL, 3).and(256));
          odd =
              ((FloatVector) highR.castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 36), odd);
        }
      }
      int third = data.get(WORD, o + 12);
      float scale = Float.float16ToFloat(data.get(HALF, o));
      float minimum = Float.float16ToFloat(data.get(HALF, o + 2));
      long scales = scales(data.get(WORD, o + 4), third) >>> pair * 16;
      long minima = minima(data.get(WORD, o + 8), third) >>> pair * 16;
      acc0 = even.fma(FloatVector.broadcast(F, scale * (int) (scales & 63)), acc0);
      acc1 = odd.fma(FloatVector.broadcast(F, scale * (int) (scales >>> 8 & 63)), acc1);
      offset = Math.fma(minimum * (int) (minima & 63), sums[2 * p], offset);
      offset = Math.fma(minimum * (int) (minima >>> 8 & 63), sums[2 * p + 1], offset);
    }
    acc0.add(acc1).intoArray(own, 0);
    return Lanes.fold(own, 0) - offset;
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int pairs = count / 64;
    for (int p = 0; p < pairs; p++) {
      long o = offset + p / 4 * (long) BLOCK;
      int pair = p % 4;
      int i = at + p * 64;
      int third = data.get(WORD, o + 12);
      float scale = Float.float16ToFloat(data.get(HALF, o));
      float minimum = Float.float16ToFloat(data.get(HALF, o + 2));
      long scales = scales(data.get(WORD, o + 4), third) >>> pair * 16;
      long minima = minima(data.get(WORD, o + 8), third) >>> pair * 16;
      FloatVector scale0 = FloatVector.broadcast(F, scale * (int) (scales & 63));
      FloatVector scale1 = FloatVector.broadcast(F, scale * (int) (scales >>> 8 & 63) * 0x1p-4f);
      FloatVector min0 = FloatVector.broadcast(F, minimum * (int) (minima & 63));
      FloatVector min1 = FloatVector.broadcast(F, minimum * (int) (minima >>> 8 & 63));
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 48 + pair * 32 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        ByteVector bits = ByteVector.fromMemorySegment(B, data, o + 16 + k, LE);
        IntVector h =
            ((IntVector) bits.castShape(I, 0))
                .lanewise(VectorOperators.LSHL, 4)
                .lanewise(VectorOperators.LSHR, 2 * pair);
        IntVector lowQ = q.and(15).or(h.and(16));
        ((FloatVector) lowQ.castShape(F, 0)).mul(scale0).sub(min0).intoArray(out, i + k);
        IntVector highQ = q.and(240).or(h.lanewise(VectorOperators.LSHL, 3).and(256));
        ((FloatVector) highQ.castShape(F, 0)).mul(scale1).sub(min1).intoArray(out, i + k + 32);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          IntVector g =
              ((IntVector) bits.castShape(I, 1))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, 2 * pair);
          IntVector lowR = r.and(15).or(g.and(16));
          ((FloatVector) lowR.castShape(F, 0)).mul(scale0).sub(min0).intoArray(out, i + k + 4);
          IntVector highR = r.and(240).or(g.lanewise(VectorOperators.LSHL, 3).and(256));
          ((FloatVector) highR.castShape(F, 0)).mul(scale1).sub(min1).intoArray(out, i + k + 36);
        }
      }
    }
  }

  /** The eight group scales, a byte each. */
  private static long scales(int first, int third) {
    return (first & 0x3f3f3f3fL) | (long) (third & 0x0f0f0f0f | first >>> 2 & 0x30303030) << 32;
  }

  /** The eight group minima, a byte each. */
  private static long minima(int second, int third) {
    return (second & 0x3f3f3f3fL)
        | (long) (third >>> 4 & 0x0f0f0f0f | second >>> 2 & 0x30303030) << 32;
  }
}
