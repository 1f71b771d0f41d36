package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/** A format that weights can be written in. The others are read only: peers make such files. */
public sealed interface EncodableFormat extends TensorFormat
    permits F32, F16, Bf16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K {

  /**
   * Writes {@code count} floats from {@code source} as whole blocks to {@code target} at byte
   * {@code targetOffset}. The same floats give the same bytes.
   *
   * @throws IllegalArgumentException if {@code count} is no multiple of {@link #blockElements()}
   */
  void encode(float[] source, int offset, int count, MemorySegment target, long targetOffset);
}
