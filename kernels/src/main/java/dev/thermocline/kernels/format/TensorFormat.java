package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * How the elements of a weight are stored: block geometry and scalar meaning, after the GGUF
 * specification. One final type per format; the registry is {@link TensorFormats}.
 */
public sealed interface TensorFormat
    permits EncodableFormat,
        Q2_K,
        Q3_K,
        Iq4Nl,
        Iq4Xs,
        Mxfp4,
        Iq2Xxs,
        Iq2Xs,
        Iq2S,
        Iq3Xxs,
        Iq3S,
        Iq1S,
        Iq1M,
        Tq1_0,
        Tq2_0 {

  /** Number of this type in GGUF tensor descriptions. */
  int ggufId();

  /** Elements that are stored together; a row holds whole blocks. */
  int blockElements();

  /** Bytes of one block. */
  int blockBytes();

  /**
   * Value of the element at {@code index}, counted from the start of {@code data}. This is the
   * format's meaning.
   */
  float element(MemorySegment data, long index);

  /** Bytes of {@code elements} elements, a multiple of {@link #blockElements()}. */
  default long bytes(long elements) {
    return elements / blockElements() * blockBytes();
  }

  /** Reads {@code count} elements from byte {@code offset} of {@code data}. */
  default void decode(MemorySegment data, long offset, float[] out, int outOffset, int count) {
    MemorySegment from = data.asSlice(offset, bytes(count));
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = element(from, i);
    }
  }
}
