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
    MemorySegment row = data.asSlice(offset, cols * 2L);
    float[] x = input.values();
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    int i = 0;
    for (; i <= cols - 4 * L; i += 4 * L) {
      IntVector u = IntVector.fromMemorySegment(I, row, i * 2, LE);
      IntVector v = IntVector.fromMemorySegment(I, row, i * 2 + 4 * L, LE);
      acc0 = even(u).mul(bias).fma(FloatVector.fromArray(F, x, i), acc0);
      acc1 = odd(u).mul(bias).fma(FloatVector.fromArray(F, x, i + L), acc1);
      acc0 = even(v).mul(bias).fma(FloatVector.fromArray(F, x, i + 2 * L), acc0);
      acc1 = odd(v).mul(bias).fma(FloatVector.fromArray(F, x, i + 3 * L), acc1);
    }
    float sum = Lanes.fold(acc0.add(acc1));
    for (; i < cols; i++) {
      sum = Math.fma(element(row, i), x[i], sum);
    }
    return sum;
  }

  private static FloatVector even(IntVector pairs) {
    IntVector high = pairs.lanewise(VectorOperators.LSHL, 16);
    return high.lanewise(VectorOperators.ASHR, 3).and(PLACES).reinterpretAsFloats();
  }

  private static FloatVector odd(IntVector pairs) {
    return pairs.lanewise(VectorOperators.ASHR, 3).and(PLACES).reinterpretAsFloats();
  }

  private static float element(MemorySegment row, int i) {
    return Float.float16ToFloat(row.get(HALF, i * 2L));
  }

  /** L weights, still 2^112 too small. */
  private static FloatVector load(MemorySegment w, int i) {
    IntVector wide = (IntVector) ShortVector.fromMemorySegment(S, w, i * 2, LE).castShape(I, 0);
    return wide.lanewise(VectorOperators.LSHL, 13).and(PLACES).reinterpretAsFloats();
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    MemorySegment w = data.asSlice(offset, count * 2L);
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    int i = 0;
    for (; i <= count - L; i += L) {
      load(w, i).mul(bias).intoArray(out, at + i);
    }
    for (; i < count; i++) {
      out[at + i] = element(w, i);
    }
  }

  @Override
  public void axpy(
      MemorySegment data, long offset, int count, float h, float[] y, int at, float[] own) {
    MemorySegment w = data.asSlice(offset, count * 2L);
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    FloatVector factor = FloatVector.broadcast(F, h);
    int i = 0;
    for (; i <= count - L; i += L) {
      load(w, i).mul(bias).fma(factor, FloatVector.fromArray(F, y, at + i)).intoArray(y, at + i);
    }
    for (; i < count; i++) {
      y[at + i] = Math.fma(element(w, i), h, y[at + i]);
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
    MemorySegment v = data.asSlice(offset0, count * 2L);
    MemorySegment w = data.asSlice(offset1, count * 2L);
    FloatVector bias = FloatVector.broadcast(F, BIAS);
    FloatVector factor0 = FloatVector.broadcast(F, h0);
    FloatVector factor1 = FloatVector.broadcast(F, h1);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector first = load(v, i).mul(bias).fma(factor0, FloatVector.fromArray(F, y, at + i));
      load(w, i).mul(bias).fma(factor1, first).intoArray(y, at + i);
    }
    for (; i < count; i++) {
      float first = Math.fma(element(v, i), h0, y[at + i]);
      y[at + i] = Math.fma(element(w, i), h1, first);
    }
  }
}
