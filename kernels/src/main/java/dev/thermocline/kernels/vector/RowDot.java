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
 *   <li>{@link #dot} is longer than the 325 bytes of code that C2 inlines at most, so that it is
 *       compiled alone. Two of them inlined into one method exceed C2's budget, and what is left
 *       out computes with vectors on the heap, ten times slower.
 * </ul>
 */
sealed interface RowDot permits DotF32, DotF16, DotBf16, DotQ8_0, DotQ4_0, DecodingDot {

  /** Arranges one activation row {@code [cols]} as {@link #dot} wants it. */
  void prepare(float[] x, int offset, int cols, PreparedInput input);

  /**
   * {@code row . x} of the prepared input, the row from byte {@code offset} on.
   *
   * @param own the worker's own memory, at least {@code 4 * cols} floats
   */
  float dot(MemorySegment data, long offset, int cols, PreparedInput input, float[] own);

  /** Decodes {@code count} elements, whole blocks, from byte {@code offset}. */
  void decode(MemorySegment data, long offset, int count, float[] out, int at);

  /**
   * {@code y[at + i] += h * w[i]} for {@code count} elements, whole blocks, from byte {@code
   * offset}.
   *
   * @param own the worker's own memory, at least {@code 4 * count} floats
   */
  void axpy(MemorySegment data, long offset, int count, float h, float[] y, int at, float[] own);

  /** Two {@link #axpy} in one pass over y, first the one with {@code h0}: the same roundings. */
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
