package dev.thermocline.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * The vector kernels of one format. Rows lie in native memory; methods are called per row or per
 * run of rows, never per element. Each implementation keeps its code to itself: C2 compiles a
 * helper that two kernels share for the first of them only.
 */
sealed interface RowDot permits DotF32, DotF16, DotBf16, DotQ8_0, DotQ4_0, DecodingDot {

  /** Arranges one activation row {@code [cols]} as {@link #dot} wants it. */
  void prepare(float[] x, int offset, int cols, PreparedInput input);

  /**
   * {@code row . x} of the prepared input, the row from byte {@code offset} on. Every kernel takes
   * its own slice: one that is passed to it would be an object on the heap.
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
