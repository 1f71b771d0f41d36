package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** F32 rows. */
final class DotF32 implements RowDot {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    System.arraycopy(x, offset, input.values(), 0, cols);
  }

  // Four accumulators hide the latency of the multiply-add.
  @Override
  public float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own) {
    float[] x = input.values();
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    FloatVector acc2 = acc0;
    FloatVector acc3 = acc0;
    int i = 0;
    for (; i <= cols - 4 * L; i += 4 * L) {
      long b = offset + i * 4L;
      acc0 =
          FloatVector.fromMemorySegment(F, data, b, LE).fma(FloatVector.fromArray(F, x, i), acc0);
      acc1 =
          FloatVector.fromMemorySegment(F, data, b + 4 * L, LE)
              .fma(FloatVector.fromArray(F, x, i + L), acc1);
      acc2 =
          FloatVector.fromMemorySegment(F, data, b + 8 * L, LE)
              .fma(FloatVector.fromArray(F, x, i + 2 * L), acc2);
      acc3 =
          FloatVector.fromMemorySegment(F, data, b + 12 * L, LE)
              .fma(FloatVector.fromArray(F, x, i + 3 * L), acc3);
    }
    acc0.add(acc1).add(acc2.add(acc3)).intoArray(own, 0);
    float sum = Lanes.fold(own, 0);
    for (; i < cols; i++) {
      sum = Math.fma(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + i * 4L), x[i], sum);
    }
    return sum;
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, out, at, count);
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
          FloatVector.fromMemorySegment(F, data, offset0 + i * 4L, LE)
              .fma(factor0, FloatVector.fromArray(F, y, at + i));
      FloatVector.fromMemorySegment(F, data, offset1 + i * 4L, LE)
          .fma(factor1, first)
          .intoArray(y, at + i);
    }
    for (; i < count; i++) {
      float first =
          Math.fma(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset0 + i * 4L), h0, y[at + i]);
      y[at + i] = Math.fma(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset1 + i * 4L), h1, first);
    }
  }
}
