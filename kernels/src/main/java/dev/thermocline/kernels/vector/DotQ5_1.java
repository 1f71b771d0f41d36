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
        even = low(q, bits, k).fma(FloatVector.fromArray(F, x, i + k), even);
        odd = high(q, bits, k).fma(FloatVector.fromArray(F, x, i + k + 16), odd);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          even = low(r, bits, k + 4).fma(FloatVector.fromArray(F, x, i + k + 4), even);
          odd = high(r, bits, k + 4).fma(FloatVector.fromArray(F, x, i + k + 20), odd);
        }
      }
      float scale = Float.float16ToFloat(data.get(HALF, o));
      acc = even.add(odd).fma(FloatVector.broadcast(F, scale), acc);
      offset = Math.fma(Float.float16ToFloat(data.get(HALF, o + 2)), sums[b], offset);
    }
    return Lanes.fold(acc) + offset;
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
        low(q, bits, k).mul(low).add(minimum).intoArray(out, i + k);
        high(q, bits, k).mul(high).add(minimum).intoArray(out, i + k + 16);
        if (HALVES) {
          IntVector r = (IntVector) bytes.castShape(I, 1);
          low(r, bits, k + 4).mul(low).add(minimum).intoArray(out, i + k + 4);
          high(r, bits, k + 4).mul(high).add(minimum).intoArray(out, i + k + 20);
        }
      }
    }
  }

  /** Five bits of the first half of a block from element k on; {@code q} are its bytes. */
  private static FloatVector low(IntVector q, int bits, int k) {
    IntVector fifth = IntVector.broadcast(I, (int) ((bits & 0xffffffffL) << 4 >>> k));
    return (FloatVector)
        q.and(15).or(fifth.lanewise(VectorOperators.LSHR, LANE).and(16)).castShape(F, 0);
  }

  /** Sixteen times those of the second half. */
  private static FloatVector high(IntVector q, int bits, int k) {
    IntVector fifth = IntVector.broadcast(I, bits >>> 8 + k);
    return (FloatVector)
        q.and(240).or(fifth.lanewise(VectorOperators.LSHR, LANE).and(256)).castShape(F, 0);
  }
}
