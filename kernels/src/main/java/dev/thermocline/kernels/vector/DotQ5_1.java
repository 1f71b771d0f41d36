package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Q5_1;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_1 rows, as {@link DotQ5_0} with a minimum, which is multiplied by the sum of the block's
 * inputs.
 */
final class DotQ5_1 extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int BLOCK = 24;

  /** 0, 1, 2 ...: by how much each lane shifts the fifth bits down. */
  private static final IntVector LANE = IntVector.zero(I).addIndex(1);

  DotQ5_1(Q5_1 format) {
    super(format);
  }

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    float[] values = input.values();
    float[] sums = input.blockSums();
    for (int b = 0; b < cols; b += 32) {
      float sum = 0;
      for (int i = 0; i < 16; i++) {
        values[b + i] = x[offset + b + i];
        values[b + i + 16] = x[offset + b + i + 16] * 0x1p-4f;
      }
      for (int i = 0; i < 32; i++) {
        sum += x[offset + b + i];
      }
      sums[b / 32] = sum;
    }
  }

  @Override
  public float dot(MemorySegment data, long start, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    float[] sums = input.blockSums();
    FloatVector acc = FloatVector.zero(F);
    float offset = 0;
    int blocks = cols / 32;
    for (int b = 0; b < blocks; b++) {
      long o = start + b * (long) BLOCK;
      int i = b * 32;
      int bits = data.get(WORD, o + 4);
      FloatVector even = FloatVector.zero(F);
      FloatVector odd = even;
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 8 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        // Five bits each; those of the second half of a block are sixteen times too large.
        IntVector lowQ =
            q.and(15)
                .or(
                    IntVector.broadcast(I, (int) ((bits & 0xffffffffL) << 4 >>> k))
                        .lanewise(VectorOperators.LSHR, LANE)
                        .and(16));
        even = ((FloatVector) lowQ.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k), even);
        IntVector highQ =
            q.and(240)
                .or(
                    IntVector.broadcast(I, bits >>> 8 + k)
                        .lanewise(VectorOperators.LSHR, LANE)
                        .and(256));
        odd =
            ((FloatVector) highQ.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k + 16), odd);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          IntVector lowR =
              r.and(15)
                  .or(
                      IntVector.broadcast(I, (int) ((bits & 0xffffffffL) << 4 >>> k + 4))
                          .lanewise(VectorOperators.LSHR, LANE)
                          .and(16));
          even =
              ((FloatVector) lowR.castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 4), even);
          IntVector highR =
              r.and(240)
                  .or(
                      IntVector.broadcast(I, bits >>> 8 + k + 4)
                          .lanewise(VectorOperators.LSHR, LANE)
                          .and(256));
          odd =
              ((FloatVector) highR.castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 20), odd);
        }
      }
      float scale = Float.float16ToFloat(data.get(HALF, o));
      acc = even.add(odd).fma(FloatVector.broadcast(F, scale), acc);
      offset = Math.fma(Float.float16ToFloat(data.get(HALF, o + 2)), sums[b], offset);
    }
    acc.intoArray(own, 0);
    return Lanes.fold(own, 0) + offset;
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      long o = offset + b * (long) BLOCK;
      int i = at + b * 32;
      int bits = data.get(WORD, o + 4);
      float scale = Float.float16ToFloat(data.get(HALF, o));
      FloatVector low = FloatVector.broadcast(F, scale);
      FloatVector high = FloatVector.broadcast(F, scale * 0x1p-4f);
      FloatVector minimum = FloatVector.broadcast(F, Float.float16ToFloat(data.get(HALF, o + 2)));
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 8 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        IntVector lowQ =
            q.and(15)
                .or(
                    IntVector.broadcast(I, (int) ((bits & 0xffffffffL) << 4 >>> k))
                        .lanewise(VectorOperators.LSHR, LANE)
                        .and(16));
        ((FloatVector) lowQ.castShape(F, 0)).mul(low).add(minimum).intoArray(out, i + k);
        IntVector highQ =
            q.and(240)
                .or(
                    IntVector.broadcast(I, bits >>> 8 + k)
                        .lanewise(VectorOperators.LSHR, LANE)
                        .and(256));
        ((FloatVector) highQ.castShape(F, 0)).mul(high).add(minimum).intoArray(out, i + k + 16);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          IntVector lowR =
              r.and(15)
                  .or(
                      IntVector.broadcast(I, (int) ((bits & 0xffffffffL) << 4 >>> k + 4))
                          .lanewise(VectorOperators.LSHR, LANE)
                          .and(16));
          ((FloatVector) lowR.castShape(F, 0)).mul(low).add(minimum).intoArray(out, i + k + 4);
          IntVector highR =
              r.and(240)
                  .or(
                      IntVector.broadcast(I, bits >>> 8 + k + 4)
                          .lanewise(VectorOperators.LSHR, LANE)
                          .and(256));
          ((FloatVector) highR.castShape(F, 0)).mul(high).add(minimum).intoArray(out, i + k + 20);
        }
      }
    }
  }
}
