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
    return HALVES
        ? dot128(data, offset, cols, x)
        : L == 8 ? dot256(data, offset, cols, x) : dot512(data, offset, cols, x);
  }

  private static float dot512(MemorySegment data, long start, int cols, float[] x) {
    MemorySegment row = data.asSlice(start, cols / 32 * (long) BLOCK);
    FloatVector acc = FloatVector.zero(F);
    int blocks = cols / 32;
    for (int b = 0; b < blocks; b++) {
      int o = b * BLOCK;
      int i = b * 32;
      float scale = Float.float16ToFloat(row.get(HALF, o));
      FloatVector sum = load(row, o + 2).mul(FloatVector.fromArray(F, x, i));
      sum = load(row, o + 18).fma(FloatVector.fromArray(F, x, i + 16), sum);
      acc = sum.fma(FloatVector.broadcast(F, scale), acc);
    }
    return Lanes.fold(acc);
  }

  private static float dot256(MemorySegment data, long start, int cols, float[] x) {
    MemorySegment row = data.asSlice(start, cols / 32 * (long) BLOCK);
    FloatVector acc = FloatVector.zero(F);
    int blocks = cols / 32;
    for (int b = 0; b < blocks; b++) {
      int o = b * BLOCK;
      int i = b * 32;
      float scale = Float.float16ToFloat(row.get(HALF, o));
      FloatVector even = load(row, o + 2).mul(FloatVector.fromArray(F, x, i));
      FloatVector odd = load(row, o + 10).mul(FloatVector.fromArray(F, x, i + 8));
      even = load(row, o + 18).fma(FloatVector.fromArray(F, x, i + 16), even);
      odd = load(row, o + 26).fma(FloatVector.fromArray(F, x, i + 24), odd);
      acc = even.add(odd).fma(FloatVector.broadcast(F, scale), acc);
    }
    return Lanes.fold(acc);
  }

  private static FloatVector load(MemorySegment row, int o) {
    return (FloatVector) ByteVector.fromMemorySegment(B, row, o, LE).castShape(F, 0);
  }

  private static float dot128(MemorySegment data, long start, int cols, float[] x) {
    MemorySegment row = data.asSlice(start, cols / 32 * (long) BLOCK);
    FloatVector acc = FloatVector.zero(F);
    int blocks = cols / 32;
    for (int b = 0; b < blocks; b++) {
      int o = b * BLOCK;
      int i = b * 32;
      float scale = Float.float16ToFloat(row.get(HALF, o));
      FloatVector sum = FloatVector.zero(F);
      for (int k = 0; k < 32; k += 8) {
        ByteVector w = ByteVector.fromMemorySegment(B, row, o + 2 + k, LE);
        sum = ((FloatVector) w.castShape(F, 0)).fma(FloatVector.fromArray(F, x, i + k), sum);
        sum = ((FloatVector) w.castShape(F, 1)).fma(FloatVector.fromArray(F, x, i + k + 4), sum);
      }
      acc = sum.fma(FloatVector.broadcast(F, scale), acc);
    }
    return Lanes.fold(acc);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    MemorySegment w = data.asSlice(offset, count / 32 * (long) BLOCK);
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      int o = b * BLOCK;
      int i = b * 32;
      FloatVector scale = FloatVector.broadcast(F, Float.float16ToFloat(w.get(HALF, o)));
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, w, o + 2 + k, LE);
        ((FloatVector) q.castShape(F, 0)).mul(scale).intoArray(out, at + i + k);
        if (HALVES) {
          ((FloatVector) q.castShape(F, 1)).mul(scale).intoArray(out, at + i + k + 4);
        }
      }
    }
  }

  @Override
  public void axpy(
      MemorySegment data, long offset, int count, float h, float[] y, int at, float[] own) {
    MemorySegment w = data.asSlice(offset, count / 32 * (long) BLOCK);
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      int o = b * BLOCK;
      int i = at + b * 32;
      FloatVector factor = FloatVector.broadcast(F, h * Float.float16ToFloat(w.get(HALF, o)));
      for (int k = 0; k < 32; k += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, w, o + 2 + k, LE);
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
      axpy(data, offset0, count, h0, y, at, own);
      axpy(data, offset1, count, h1, y, at, own);
      return;
    }
    MemorySegment v = data.asSlice(offset0, count / 32 * (long) BLOCK);
    MemorySegment w = data.asSlice(offset1, count / 32 * (long) BLOCK);
    int blocks = count / 32;
    for (int b = 0; b < blocks; b++) {
      int o = b * BLOCK;
      int i = at + b * 32;
      FloatVector factor0 = FloatVector.broadcast(F, h0 * Float.float16ToFloat(v.get(HALF, o)));
      FloatVector factor1 = FloatVector.broadcast(F, h1 * Float.float16ToFloat(w.get(HALF, o)));
      for (int k = 0; k < 32; k += L) {
        ByteVector q0 = ByteVector.fromMemorySegment(B, v, o + 2 + k, LE);
        ByteVector q1 = ByteVector.fromMemorySegment(B, w, o + 2 + k, LE);
        FloatVector first =
            ((FloatVector) q0.castShape(F, 0)).fma(factor0, FloatVector.fromArray(F, y, i + k));
        ((FloatVector) q1.castShape(F, 0)).fma(factor1, first).intoArray(y, i + k);
      }
    }
  }
}
