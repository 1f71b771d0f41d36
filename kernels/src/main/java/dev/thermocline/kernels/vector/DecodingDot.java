package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;

import dev.thermocline.kernels.format.TensorFormat;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Kernels that decode a piece of a row into the worker's own memory and compute with the floats. A
 * piece stays in the first-level cache, so that this costs a store and a load per weight. Formats
 * that people use most have a {@link #dot} of their own, which keeps the weights in registers.
 */
abstract sealed class DecodingDot implements RowDot
    permits DotQ4_1,
        DotQ5_0,
        DotQ5_1,
        DotQ2_K,
        DotQ3_K,
        DotQ4_K,
        DotQ5_K,
        DotQ6_K,
        DotIq4Nl,
        DotIq4Xs,
        DotMxfp4,
        DotIq2Xxs,
        DotIq2Xs,
        DotIq2S,
        DotIq3Xxs,
        DotIq3S,
        DotIq1S,
        DotIq1M,
        DotTq1_0,
        DotTq2_0 {
  /** Elements of a piece, whole blocks of every format. */
  private static final int PIECE = 1024;

  private final int blockElements;
  private final int blockBytes;

  DecodingDot(TensorFormat format) {
    this.blockElements = format.blockElements();
    this.blockBytes = format.blockBytes();
  }

  private long bytes(int elements) {
    return (long) elements / blockElements * blockBytes;
  }

  @Override
  public void prepare(float[] x, int offset, int cols, PreparedInput input) {
    System.arraycopy(x, offset, input.values(), 0, cols);
  }

  @Override
  public float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own) {
    float sum = 0;
    for (int c = 0; c < cols; c += PIECE) {
      int count = Math.min(PIECE, cols - c);
      decode(data, offset + bytes(c), count, own, 0);
      sum += product(own, input.values(), c, count);
    }
    return sum;
  }

  /**
   * {@code w[0 ...] . x[at ...]}; blocks are multiples of 32, so there is no tail. Writes L floats
   * behind {@code w}'s first {@code count}.
   */
  private static float product(float[] w, float[] x, int at, int count) {
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    for (int i = 0; i <= count - 2 * L; i += 2 * L) {
      acc0 = FloatVector.fromArray(F, w, i).fma(FloatVector.fromArray(F, x, at + i), acc0);
      acc1 = FloatVector.fromArray(F, w, i + L).fma(FloatVector.fromArray(F, x, at + i + L), acc1);
    }
    acc0.add(acc1).intoArray(w, count);
    return Lanes.fold(w, count);
  }

  @Override
  public final void axpy2(
      MemorySegment data,
      long offset0,
      float h0,
      long offset1,
      float h1,
      int count,
      float[] y,
      int at,
      float[] own) {
    for (int c = 0; c < count; c += PIECE) {
      int length = Math.min(PIECE, count - c);
      decode(data, offset0 + bytes(c), length, own, 0);
      decode(data, offset1 + bytes(c), length, own, length);
      add2(own, length, h0, h1, y, at + c);
    }
  }

  private static void add2(float[] w, int count, float h0, float h1, float[] y, int at) {
    FloatVector factor0 = FloatVector.broadcast(F, h0);
    FloatVector factor1 = FloatVector.broadcast(F, h1);
    for (int i = 0; i <= count - L; i += L) {
      FloatVector first =
          FloatVector.fromArray(F, w, i).fma(factor0, FloatVector.fromArray(F, y, at + i));
      FloatVector.fromArray(F, w, count + i).fma(factor1, first).intoArray(y, at + i);
    }
  }
}
