package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;

import dev.thermocline.kernels.format.Q4_1;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Q4_1 rows, as {@link DotQ4_0}: high nibbles are masked in place against inputs a sixteenth of
 * their size, and the minimum of a block is multiplied by the sum of its inputs.
 */
final class DotQ4_1 extends DecodingDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int BLOCK = 20;

  DotQ4_1(Q4_1 format) {
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
      FloatVector even = FloatVector.zero(F);
      FloatVector odd = even;
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 4 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        even =
            ((FloatVector) q.and(15).castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k), even);
        odd =
            ((FloatVector) q.and(240).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, i + k + 16), odd);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          even =
              ((FloatVector) r.and(15).castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 4), even);
          odd =
              ((FloatVector) r.and(240).castShape(F, 0))
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
      float scale = Float.float16ToFloat(data.get(HALF, o));
      FloatVector low = FloatVector.broadcast(F, scale);
      FloatVector high = FloatVector.broadcast(F, scale * 0x1p-4f);
      FloatVector minimum = FloatVector.broadcast(F, Float.float16ToFloat(data.get(HALF, o + 2)));
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 4 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        ((FloatVector) q.and(15).castShape(F, 0)).mul(low).add(minimum).intoArray(out, i + k);
        ((FloatVector) q.and(240).castShape(F, 0))
            .mul(high)
            .add(minimum)
            .intoArray(out, i + k + 16);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          ((FloatVector) r.and(15).castShape(F, 0)).mul(low).add(minimum).intoArray(out, i + k + 4);
          ((FloatVector) r.and(240).castShape(F, 0))
              .mul(high)
              .add(minimum)
              .intoArray(out, i + k + 20);
        }
      }
    }
  }
}
