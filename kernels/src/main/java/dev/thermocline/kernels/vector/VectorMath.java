package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponentials, and the sums of the norms. Our own exp: the result is then the same on every
 * machine, and within 2 units in the last place. It is written out where vectors need it: see
 * {@code docs/decisions/008-one-kernel-one-compilation.md}.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the coefficients as published
final class VectorMath {
  private static final float LOG2_E = 1.44269504f;
  // ln 2 in two parts, so that x - n * ln 2 is exact to float.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float ROUND = 0x1.8p23f;
  private static final float FAR = 1e10f;

  private VectorMath() {}

  /** e^x for x from -87 to 88; smaller ones give e^-87, about 1e-38. What vector tails use. */
  static float exp(float value) {
    float x = Math.min(88f, Math.max(-87f, value));
    float shifted = x * LOG2_E + ROUND;
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = 1.9875691500e-4f;
    p = Math.fma(p, r, 1.3981999507e-3f);
    p = Math.fma(p, r, 8.3334519073e-3f);
    p = Math.fma(p, r, 4.1665795894e-2f);
    p = Math.fma(p, r, 1.6666665459e-1f);
    p = Math.fma(p, r, 5.0000001201e-1f);
    p = Math.fma(p, r * r, r) + 1f;
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }

  /**
   * Replaces the first {@code n} scores by e^(score - max) and returns their sum. Overwrites L
   * floats of {@code lanes} from {@code at} on.
   */
  static float softmaxNumerators(float[] score, int n, float[] lanes, int at) {
    FloatVector maxima = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - L; i += L) {
      maxima = maxima.max(FloatVector.fromArray(F, score, i));
    }
    float max = maxima.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, score[i]);
    }
    FloatVector sums = FloatVector.zero(F);
    for (i = 0; i <= n - L; i += L) {
      FloatVector x = FloatVector.fromArray(F, score, i).sub(max).max(-87f);
      FloatVector shifted = x.mul(LOG2_E).add(ROUND);
      FloatVector whole = shifted.sub(ROUND);
      FloatVector r = whole.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
      r = whole.fma(FloatVector.broadcast(F, -LN2_LOW), r);
      FloatVector p = FloatVector.broadcast(F, 1.9875691500e-4f);
      p = p.fma(r, FloatVector.broadcast(F, 1.3981999507e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 8.3334519073e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 4.1665795894e-2f));
      p = p.fma(r, FloatVector.broadcast(F, 1.6666665459e-1f));
      p = p.fma(r, FloatVector.broadcast(F, 5.0000001201e-1f));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      FloatVector e = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
      e.intoArray(score, i);
      sums = sums.add(e);
    }
    sums.intoArray(lanes, at);
    float sum = Lanes.fold(lanes, at);
    for (; i < n; i++) {
      score[i] = exp(score[i] - max);
      sum += score[i];
    }
    return sum;
  }

  /** {@code x = x * sigmoid(x)}. */
  static void silu(float[] x, int from, int to) {
    saturate(x, from, to, 0f, -1f, 1f, 0f);
  }

  /** {@code x = x * Phi(x)}, as {@link dev.thermocline.kernels.ActivationFunction#GELU}. */
  static void gelu(float[] x, int from, int to) {
    saturate(x, from, to, 0.044715f, -1.5957691216f, 1f, 0f);
  }

  /**
   * {@code x = cap * tanh(x / cap)}, by tanh(z) = 1 - 2 / (1 + e^2z). Near zero that is off by 6e-8
   * of the cap, not of the result: less than the scores that it is for are off already.
   */
  static void softCap(float[] x, int from, int to, float cap) {
    saturate(x, from, to, 0f, 2f / cap, 0f, cap);
  }

  /**
   * {@code x = cap + (slope * x - 2 * cap) / (1 + e^z)}, z = {@code factor * (x + cubic * x^3)}:
   * what the functions above have in common.
   */
  private static void saturate(
      float[] x, int from, int to, float cubic, float factor, float slope, float cap) {
    int i = from;
    for (; i <= to - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, i);
      // Beyond this the exponential has reached its limit, and a cube would become infinite.
      FloatVector near = v.max(-FAR).min(FAR);
      FloatVector z = near.mul(near).mul(near).mul(cubic).add(near).mul(factor);
      FloatVector clamped = z.max(-87f).min(88f);
      FloatVector shifted = clamped.mul(LOG2_E).add(ROUND);
      FloatVector whole = shifted.sub(ROUND);
      FloatVector r = whole.fma(FloatVector.broadcast(F, -LN2_HIGH), clamped);
      r = whole.fma(FloatVector.broadcast(F, -LN2_LOW), r);
      // Minimax polynomial of degree 6 on [-ln2/2, ln2/2] (Cephes expf).
      FloatVector p = FloatVector.broadcast(F, 1.9875691500e-4f);
      p = p.fma(r, FloatVector.broadcast(F, 1.3981999507e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 8.3334519073e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 4.1665795894e-2f));
      p = p.fma(r, FloatVector.broadcast(F, 1.6666665459e-1f));
      p = p.fma(r, FloatVector.broadcast(F, 5.0000001201e-1f));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      FloatVector e = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
      v.mul(slope).sub(2 * cap).div(e.add(1f)).add(cap).intoArray(x, i);
    }
    for (; i < to; i++) {
      float near = Math.min(FAR, Math.max(-FAR, x[i]));
      float z = (near * near * near * cubic + near) * factor;
      x[i] = (x[i] * slope - 2 * cap) / (exp(z) + 1f) + cap;
    }
  }

  /** Sum of squares of {@code x - mean}. Overwrites L floats of {@code lanes}. */
  static float squares(float[] x, int from, int count, float mean, float[] lanes) {
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    int i = 0;
    for (; i <= count - 2 * L; i += 2 * L) {
      FloatVector a = FloatVector.fromArray(F, x, from + i).sub(mean);
      FloatVector b = FloatVector.fromArray(F, x, from + i + L).sub(mean);
      acc0 = a.fma(a, acc0);
      acc1 = b.fma(b, acc1);
    }
    acc0.add(acc1).intoArray(lanes, 0);
    float sum = Lanes.fold(lanes, 0);
    for (; i < count; i++) {
      float v = x[from + i] - mean;
      sum = Math.fma(v, v, sum);
    }
    return sum;
  }

  /** Sum of the elements. Overwrites L floats of {@code lanes}. */
  static float sum(float[] x, int from, int count, float[] lanes) {
    FloatVector acc = FloatVector.zero(F);
    int i = 0;
    for (; i <= count - L; i += L) {
      acc = acc.add(FloatVector.fromArray(F, x, from + i));
    }
    acc.intoArray(lanes, 0);
    float sum = Lanes.fold(lanes, 0);
    for (; i < count; i++) {
      sum += x[from + i];
    }
    return sum;
  }
}
