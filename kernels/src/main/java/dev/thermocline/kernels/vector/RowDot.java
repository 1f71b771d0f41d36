package dev.thermocline.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * The vector kernels of one format. Rows lie in native memory; methods are called per row or per
 * run of rows, never per element. Three rules keep them fast and free of objects:
 *
 * <ul>
 *   <li>Each implementation keeps its code to itself: C2 compiles a helper that two kernels share
 *       for the first of them only.
 *   <li>They add offsets to the row's and take no slices: C2 does not always see that a slice never
 *       leaves the kernel, and then makes an object for every row.
 *   <li>A {@link #dot} of many operations is one method of more than the 325 bytes of code that C2
 *       inlines at most, so that it is compiled alone. Two of them inlined into one method, as for
 *       gate and up, exceed C2's budget, and what it leaves out then computes with vectors on the
 *       heap, ten times slower. For the same reason there is no kernel for a single row of {@code
 *       axpy}.
 * </ul>
 */
sealed interface RowDot permits DotF32, DotF16, DotBf16, DotQ8_0, DotQ4_0, DecodingDot {

  /** Arranges one activation row {@code [cols]} as {@link #dot} wants it. */
  void prepare(float[] x, int offset, int cols, PreparedInput input);

  /**
   * {@code row . x} of the prepared input, the row from byte {@code offset} on.
   *
   * @param own the worker's own memory, at least {@code 4 * cols} floats and a vector
   */
  float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own);

  /** Decodes {@code count} elements, whole blocks, from byte {@code offset}. */
  void decode(MemorySegment data, long offset, int count, float[] out, int at);

  /**
   * {@code y[at + i] += h0 * v[i]}, then {@code += h1 * w[i]}, for {@code count} elements, whole
   * blocks, of two rows from the bytes {@code offset0} and {@code offset1} on.
   *
   * @param own the worker's own memory, at least {@code 4 * count} floats
   */
  void axpy2(
      MemorySegment data,
      long offset0,
      float h0,
      long offset1,
      float h1,
      int count,
      float[] y,
      int at,
      float[] own);
}
