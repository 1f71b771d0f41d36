package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.I;
import static dev.thermocline.kernels.vector.Lanes.L;
import static dev.thermocline.kernels.vector.Lanes.S;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * F16 rows, without a conversion instruction (the Vector API has none): sign, exponent and fraction
 * are moved to their places in a float, whose exponent is then 112 too small; a product with 2^112
 * mends it, exactly, subnormals included. Infinities and NaNs, which weights do not hold, come out
 * as large numbers.
 */
final class DotF16 implements RowDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int PLACES = 0x8FFFE000;
  private static final float BIAS = 0x1p112f;

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    EvenOdd.arrange(x, offset, cols, input.values());
  }

  @Override
  public float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    int i = 0;
    for (; i <= cols - 4 * L; i += 4 * L) {
      IntVector u = IntVector.fromMemorySegment(I, data, offset + i * 2L, LE);
      IntVector v = IntVector.fromMemorySegment(I, data, offset + i * 2L + 4 * L, LE);
      IntVector even = u.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3);
      FloatVector w0 = even.and(PLACES).reinterpretAsFloats().mul(bias);
      acc0 = w0.fma(FloatVector.fromArray(F, x, i), acc0);
      IntVector odd = u.lanewise(VectorOperators.ASHR, 3);
      FloatVector w1 = odd.and(PLACES).reinterpretAsFloats().mul(bias);
      acc1 = w1.fma(FloatVector.fromArray(F, x, i + L), acc1);
      even = v.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3);
      FloatVector w2 = even.and(PLACES).reinterpretAsFloats().mul(bias);
      acc0 = w2.fma(FloatVector.fromArray(F, x, i + 2 * L), acc0);
      odd = v.lanewise(VectorOperators.ASHR, 3);
      FloatVector w3 = odd.and(PLACES).reinterpretAsFloats().mul(bias);
      acc1 = w3.fma(FloatVector.fromArray(F, x, i + 3 * L), acc1);
    }
    acc0.add(acc1).intoArray(own, 0);
    float sum = Lanes.fold(own, 0);
    for (; i < cols; i++) {
      sum = Math.fma(element(data, offset + i * 2L), x[i], sum);
    }
    return sum;
  }

  private static float element(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(HALF, at));
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    int i = 0;
    for (; i <= count - L; i += L) {
      ((IntVector) ShortVector.fromMemorySegment(S, data, offset + i * 2L, LE).castShape(I, 0))
          .lanewise(VectorOperators.LSHL, 13)
          .and(PLACES)
          .reinterpretAsFloats()
          .mul(bias)
          .intoArray(out, at + i);
    }
    for (; i < count; i++) {
      out[at + i] = element(data, offset + i * 2L);
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
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    FloatVector factor0 = FloatVector.broadcast(F, h0);
    FloatVector factor1 = FloatVector.broadcast(F, h1);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector first =
          ((IntVector) ShortVector.fromMemorySegment(S, data, offset0 + i * 2L, LE).castShape(I, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(PLACES)
              .reinterpretAsFloats()
              .mul(bias)
              .fma(factor0, FloatVector.fromArray(F, y, at + i));
      ((IntVector) ShortVector.fromMemorySegment(S, data, offset1 + i * 2L, LE).castShape(I, 0))
          .lanewise(VectorOperators.LSHL, 13)
          .and(PLACES)
          .reinterpretAsFloats()
          .mul(bias)
          .fma(factor1, first)
          .intoArray(y, at + i);
    }
    for (; i < count; i++) {
      float first = Math.fma(element(data, offset0 + i * 2L), h0, y[at + i]);
      y[at + i] = Math.fma(element(data, offset1 + i * 2L), h1, first);
    }
  }
}
