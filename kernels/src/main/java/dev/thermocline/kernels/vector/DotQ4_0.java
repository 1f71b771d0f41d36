package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.I;
import static dev.thermocline.kernels.vector.Lanes.L;
import static dev.thermocline.kernels.vector.Lanes.S;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Q4_0 rows. Low nibbles are masked; high ones are masked in place, sixteen times too large,
 * against inputs a sixteenth of their size, which saves the shift and is exact. The offset of 8 is
 * taken out once per block through the sum of its inputs.
 */
final class DotQ4_0 implements RowDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int BLOCK = 18;

  /** The float whose lowest bit is worth one, and its bits. */
  private static final float ONE = 0x1p23f;

  private static final int ONES = 0x4b000000;

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    float[] values = input.values();
    float[] sums = input.blockSums();
    for (int b = 0; b < cols; b += 32) {
      int at = offset + b;
      if (L == 8) {
        byLanes(x, at, values, b);
      } else {
        byHalves(x, at, values, b);
      }
      float sum = 0;
      for (int i = 0; i < 32; i++) {
        sum += x[at + i];
      }
      sums[b / 32] = -8 * sum;
    }
  }

  /** In place, the inputs of high nibbles a sixteenth of their size. */
  private static void byHalves(float[] x, int at, float[] values, int b) {
    for (int i = 0; i < 16; i++) {
      values[b + i] = x[at + i];
      values[b + i + 16] = x[at + i + 16] * 0x1p-4f;
    }
  }

  /** The order of the four nibbles of each 16-bit lane, scaled against their places. */
  private static void byLanes(float[] x, int at, float[] values, int b) {
    for (int j = 0; j < 8; j++) {
      values[b + j] = x[at + 2 * j];
      values[b + 8 + j] = x[at + 2 * j + 16] * 0x1p-4f;
      values[b + 16 + j] = x[at + 2 * j + 1] * 0x1p-8f;
      values[b + 24 + j] = x[at + 2 * j + 17] * 0x1p-12f;
    }
  }

  // At 256 bits eight 16-bit lanes hold four nibbles each: one load and one widening for a block.
  @Override
  public float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    float[] sums = input.blockSums();
    FloatVector acc = FloatVector.zero(F);
    float eights = 0;
    int blocks = cols / 32;
    if (L == 8) {
      for (int b = 0; b < blocks; b++) {
        long o = offset + b * (long) BLOCK;
        float scale = Float.float16ToFloat(data.get(HALF, o));
        int i = b * 32;
        IntVector q = (IntVector) ShortVector.fromMemorySegment(S, data, o + 2, LE).castShape(I, 0);
        FloatVector even =
            ((FloatVector) q.and(0xf).castShape(F, 0)).mul(FloatVector.fromArray(F, x, i));
        FloatVector odd =
            ((FloatVector) q.and(0xf0).castShape(F, 0)).mul(FloatVector.fromArray(F, x, i + 8));
        even =
            ((FloatVector) q.and(0xf00).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, i + 16), even);
        odd =
            ((FloatVector) q.and(0xf000).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, i + 24), odd);
        acc = even.add(odd).fma(FloatVector.broadcast(F, scale), acc);
        eights = Math.fma(scale, sums[b], eights);
      }
    } else if (HALVES) {
      for (int b = 0; b < blocks; b++) {
        long o = offset + b * (long) BLOCK;
        float scale = Float.float16ToFloat(data.get(HALF, o));
        int i = b * 32;
        FloatVector sum = FloatVector.zero(F);
        for (int k = 0; k < 16; k += 8) {
          ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 2 + k, LE);
          IntVector q = (IntVector) bytes.castShape(I, 0);
          IntVector r = (IntVector) bytes.castShape(I, 1);
          sum =
              ((FloatVector) q.and(15).castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k), sum);
          sum =
              ((FloatVector) q.and(240).castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 16), sum);
          sum =
              ((FloatVector) r.and(15).castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 4), sum);
          sum =
              ((FloatVector) r.and(240).castShape(F, 0))
                  .fma(FloatVector.fromArray(F, x, i + k + 20), sum);
        }
        acc = sum.fma(FloatVector.broadcast(F, scale), acc);
        eights = Math.fma(scale, sums[b], eights);
      }
    } else {
      for (int b = 0; b < blocks; b++) {
        long o = offset + b * (long) BLOCK;
        float scale = Float.float16ToFloat(data.get(HALF, o));
        IntVector q = (IntVector) ByteVector.fromMemorySegment(B, data, o + 2, LE).castShape(I, 0);
        FloatVector sum =
            ((FloatVector) q.and(15).castShape(F, 0)).mul(FloatVector.fromArray(F, x, b * 32));
        sum =
            ((FloatVector) q.and(240).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, b * 32 + 16), sum);
        acc = sum.fma(FloatVector.broadcast(F, scale), acc);
        eights = Math.fma(scale, sums[b], eights);
      }
    }
    acc.intoArray(own, 0);
    return Lanes.fold(own, 0) + eights;
  }

  // A nibble in the lowest bits of 2^23's mantissa is a float 2^23 + nibble: no conversion is
  // needed.
  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    long o = offset;
    int end = at + count;
    for (int i = at; i < end; i += 32) {
      float scale = Float.float16ToFloat(data.get(HALF, o));
      FloatVector low = FloatVector.broadcast(F, scale);
      FloatVector high = FloatVector.broadcast(F, scale * 0x1p-4f);
      // Exact as the format's own scale * (nibble - 8): the differences are small integers.
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 2 + k, LE);
        IntVector q = ((IntVector) bytes.convertShape(ZERO_EXTEND_B2I, I, 0)).or(ONES);
        q.and(ONES | 15).reinterpretAsFloats().sub(ONE + 8).mul(low).intoArray(out, i + k);
        q.and(ONES | 240).reinterpretAsFloats().sub(ONE + 128).mul(high).intoArray(out, i + k + 16);
        if (HALVES) {
          IntVector r = ((IntVector) bytes.convertShape(ZERO_EXTEND_B2I, I, 1)).or(ONES);
          r.and(ONES | 15).reinterpretAsFloats().sub(ONE + 8).mul(low).intoArray(out, i + k + 4);
          r.and(ONES | 240)
              .reinterpretAsFloats()
              .sub(ONE + 128)
              .mul(high)
              .intoArray(out, i + k + 20);
        }
      }
      o += BLOCK;
    }
  }

  private static void axpy(MemorySegment data, long offset, int count, float h, float[] y, int at) {
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      long o = offset + b * (long) BLOCK;
      int i = at + b * 32;
      float scale = h * Float.float16ToFloat(data.get(HALF, o));
      FloatVector low = FloatVector.broadcast(F, scale);
      FloatVector high = FloatVector.broadcast(F, scale * 0x1p-4f);
      for (int k = 0; k < 16; k += B.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(B, data, o + 2 + k, LE);
        IntVector q = (IntVector) bytes.castShape(I, 0);
        ((FloatVector) q.and(15).castShape(F, 0))
            .sub(8)
            .fma(low, FloatVector.fromArray(F, y, i + k))
            .intoArray(y, i + k);
        ((FloatVector) q.and(240).castShape(F, 0))
            .sub(128)
            .fma(high, FloatVector.fromArray(F, y, i + k + 16))
            .intoArray(y, i + k + 16);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          ((FloatVector) r.and(15).castShape(F, 0))
              .sub(8)
              .fma(low, FloatVector.fromArray(F, y, i + k + 4))
              .intoArray(y, i + k + 4);
          ((FloatVector) r.and(240).castShape(F, 0))
              .sub(128)
              .fma(high, FloatVector.fromArray(F, y, i + k + 20))
              .intoArray(y, i + k + 20);
        }
      }
    }
  }

  /** Two nibble rows at once exceed what C2 inlines, so this is two passes. */
  @Override
  public void axpy2(
      MemorySegment data,
      long offset0,
      float h0,
      long offset1,
      float h1,
      int count,
      float[] y,
      int at,
      float[] own) {
    axpy(data, offset0, count, h0, y, at);
    axpy(data, offset1, count, h1, y, at);
  }
}
