package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.format.Codebook;
import dev.thermocline.kernels.format.Iq1S;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IQ1_S rows, decoded. */
final class DotIq1S extends DecodingDot {
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 50;
  private static final float[] BOOK = Codebook.IQ1.elements();

  DotIq1S(Iq1S format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 32;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      int g = n % 8;
      int group = data.get(HALF, o + 34 + g * 2);
      float scale = Float.float16ToFloat(data.get(HALF, o)) * (2 * (group >> 12 & 7) + 1);
      float shift = group < 0 ? -0.125f : 0.125f;
      for (int l = 0; l < 4; l++) {
        int entry = data.get(BYTE, o + 2 + g * 4 + l) & 255 | (group >> l * 3 & 7) << 8;
        Codewords.shifted(BOOK, entry * 8, shift, scale, out, at + n * 32 + l * 8);
        Codewords.shifted(BOOK, entry * 8 + 4, shift, scale, out, at + n * 32 + l * 8 + 4);
      }
    }
  }
}
