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
 * BF16 rows. A 32-bit lane holds two weights: a shift gives the even one, a mask the odd one, so
 * the input is arranged as L even and then L odd elements of every 2L.
 */
final class DotBf16 implements RowDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    EvenOdd.arrange(x, offset, cols, input.values());
  }

  @Override
  public float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    FloatVector acc2 = acc0;
    FloatVector acc3 = acc0;
    int i = 0;
    for (; i <= cols - 4 * L; i += 4 * L) {
      IntVector u = IntVector.fromMemorySegment(I, data, offset + i * 2L, LE);
      IntVector v = IntVector.fromMemorySegment(I, data, offset + i * 2L + 4 * L, LE);
      acc0 =
          u.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .fma(FloatVector.fromArray(F, x, i), acc0);
      acc1 = u.and(0xFFFF0000).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, i + L), acc1);
      acc2 =
          v.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .fma(FloatVector.fromArray(F, x, i + 2 * L), acc2);
      acc3 =
          v.and(0xFFFF0000).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, i + 3 * L), acc3);
    }
    acc0.add(acc1).add(acc2.add(acc3)).intoArray(own, 0);
    float sum = Lanes.fold(own, 0);
    for (; i < cols; i++) {
      sum = Math.fma(element(data, offset + i * 2L), x[i], sum);
    }
    return sum;
  }

  private static float element(MemorySegment data, long at) {
    return Float.intBitsToFloat(data.get(HALF, at) << 16);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int i = 0;
    for (; i <= count - L; i += L) {
      ((IntVector) ShortVector.fromMemorySegment(S, data, offset + i * 2L, LE).castShape(I, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
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
    FloatVector factor0 = FloatVector.broadcast(F, h0);
    FloatVector factor1 = FloatVector.broadcast(F, h1);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector first =
          ((IntVector) ShortVector.fromMemorySegment(S, data, offset0 + i * 2L, LE).castShape(I, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .fma(factor0, FloatVector.fromArray(F, y, at + i));
      ((IntVector) ShortVector.fromMemorySegment(S, data, offset1 + i * 2L, LE).castShape(I, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .fma(factor1, first)
          .intoArray(y, at + i);
    }
    for (; i < count; i++) {
      float first = Math.fma(element(data, offset0 + i * 2L), h0, y[at + i]);
      y[at + i] = Math.fma(element(data, offset1 + i * 2L), h1, first);
    }
  }
}
