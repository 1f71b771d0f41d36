package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.B;
import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.HALVES;
import static dev.thermocline.kernels.vector.Lanes.L;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * Q8_0 rows: bytes widened to floats, products with float inputs summed within the block, one
 * multiply-add with the scale per block. At 128 bits a load feeds two float vectors.
 */
final class DotQ8_0 implements RowDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int BLOCK = 34;

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    System.arraycopy(x, offset, input.values(), 0, cols);
  }

  @Override
  public float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    FloatVector acc = FloatVector.zero(F);
    int blocks = cols / 32;
    if (L == 8) {
      for (int b = 0; b < blocks; b++) {
        long o = offset + b * (long) BLOCK;
        int i = b * 32;
        float scale = Float.float16ToFloat(data.get(HALF, o));
        FloatVector even =
            ((FloatVector) ByteVector.fromMemorySegment(B, data, (o + 2), LE).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, i));
        FloatVector odd =
            ((FloatVector) ByteVector.fromMemorySegment(B, data, (o + 10), LE).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, i + 8));
        even =
            ((FloatVector) ByteVector.fromMemorySegment(B, data, (o + 18), LE).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, i + 16), even);
        odd =
            ((FloatVector) ByteVector.fromMemorySegment(B, data, (o + 26), LE).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, i + 24), odd);
        acc = even.add(odd).fma(FloatVector.broadcast(F, scale), acc);
      }
    } else if (HALVES) {
      for (int b = 0; b < blocks; b++) {
        long o = offset + b * (long) BLOCK;
        int i = b * 32;
        float scale = Float.float16ToFloat(data.get(HALF, o));
        FloatVector sum = FloatVector.zero(F);
        for (int k = 0; k < 32; k += 8) {
          ByteVector w = ByteVector.fromMemorySegment(B, data, o + 2 + k, LE);
          sum = ((FloatVector) w.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k), sum);
          sum = ((FloatVector) w.castShape(F, 1)).fma(FloatVector.fromArray(F, x, i + k + 4), sum);
        }
        acc = sum.fma(FloatVector.broadcast(F, scale), acc);
      }
    } else {
      for (int b = 0; b < blocks; b++) {
        long o = offset + b * (long) BLOCK;
        int i = b * 32;
        float scale = Float.float16ToFloat(data.get(HALF, o));
        FloatVector sum =
            ((FloatVector) ByteVector.fromMemorySegment(B, data, (o + 2), LE).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, i));
        sum =
            ((FloatVector) ByteVector.fromMemorySegment(B, data, (o + 18), LE).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, i + 16), sum);
        acc = sum.fma(FloatVector.broadcast(F, scale), acc);
      }
    }
    acc.intoArray(own, 0);
    return Lanes.fold(own, 0);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      long o = offset + b * (long) BLOCK;
      int i = b * 32;
      FloatVector scale = FloatVector.broadcast(F, Float.float16ToFloat(data.get(HALF, o)));
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, data, o + 2 + k, LE);
        ((FloatVector) q.castShape(F, 0)).mul(scale).intoArray(out, at + i + k);
        if (HALVES) {
          ((FloatVector) q.castShape(F, 1)).mul(scale).intoArray(out, at + i + k + 4);
        }
      }
    }
  }

  private static void axpy(MemorySegment data, long offset, int count, float h, float[] y, int at) {
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      long o = offset + b * (long) BLOCK;
      int i = at + b * 32;
      FloatVector factor = FloatVector.broadcast(F, h * Float.float16ToFloat(data.get(HALF, o)));
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, data, o + 2 + k, LE);
        ((FloatVector) q.castShape(F, 0))
            .fma(factor, FloatVector.fromArray(F, y, i + k))
            .intoArray(y, i + k);
        if (HALVES) {
          ((FloatVector) q.castShape(F, 1))
              .fma(factor, FloatVector.fromArray(F, y, i + k + 4))
              .intoArray(y, i + k + 4);
        }
      }
    }
  }

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
    if (HALVES) {
      axpy(data, offset0, count, h0, y, at);
      axpy(data, offset1, count, h1, y, at);
      return;
    }
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      long o0 = offset0 + b * (long) BLOCK;
      long o1 = offset1 + b * (long) BLOCK;
      int i = at + b * 32;
      float scale0 = h0 * Float.float16ToFloat(data.get(HALF, o0));
      float scale1 = h1 * Float.float16ToFloat(data.get(HALF, o1));
      FloatVector factor0 = FloatVector.broadcast(F, scale0);
      FloatVector factor1 = FloatVector.broadcast(F, scale1);
      for (int k = 0; k < 32; k += L) {
        ByteVector q0 = ByteVector.fromMemorySegment(B, data, o0 + 2 + k, LE);
        ByteVector q1 = ByteVector.fromMemorySegment(B, data, o1 + 2 + k, LE);
        FloatVector first =
            ((FloatVector) q0.castShape(F, 0)).fma(factor0, FloatVector.fromArray(F, y, i + k));
        ((FloatVector) q1.castShape(F, 0)).fma(factor1, first).intoArray(y, i + k);
      }
    }
  }
}
