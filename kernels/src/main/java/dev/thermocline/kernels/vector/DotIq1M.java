package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.format.Codebook;
import dev.thermocline.kernels.format.Iq1M;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IQ1_M rows, decoded. */
final class DotIq1M extends DecodingDot {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int BLOCK = 56;
  private static final float[] BOOK = Codebook.IQ1.elements();

  DotIq1M(Iq1M format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 16;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 16 * (long) BLOCK;
      int g = n % 16;
      long scales = data.get(LONG, o + 48);
      // The highest four bits of its four numbers.
      long common =
          scales >>> 12 & 15
              | scales >>> 24 & 0xf0
              | scales >>> 36 & 0xf00
              | scales >>> 48 & 0xf000;
      int group = (int) (scales >>> g / 4 * 16 + g % 4 * 3) & 7;
      float scale = Float.float16ToFloat((short) common) * (2 * group + 1);
      int high = data.get(BYTE, o + 32 + g);
      for (int l = 0; l < 2; l++) {
        int entry = data.get(BYTE, o + g * 2 + l) & 255 | (high >> l * 4 & 7) << 8;
        float shift = (high >> l * 4 & 8) == 0 ? 0.125f : -0.125f;
        Codewords.shifted(BOOK, entry * 8, shift, scale, out, at + n * 16 + l * 8);
        Codewords.shifted(BOOK, entry * 8 + 4, shift, scale, out, at + n * 16 + l * 8 + 4);
      }
    }
  }
}
