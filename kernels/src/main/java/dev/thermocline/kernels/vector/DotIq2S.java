package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.format.Codebook;
import dev.thermocline.kernels.format.Iq2S;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IQ2_S rows, decoded. */
final class DotIq2S extends DecodingDot {
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 82;
  private static final float[] BOOK = Codebook.IQ2_S.elements();

  DotIq2S(Iq2S format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 16;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 16 * (long) BLOCK;
      int g = n % 16;
      int group = data.get(BYTE, o + 74 + g / 2) >> g % 2 * 4 & 15;
      int high = data.get(BYTE, o + 66 + g / 2) >> g % 2 * 4;
      float scale = Float.float16ToFloat(data.get(HALF, o)) * (0.5f + group) * 0.25f;
      for (int l = 0; l < 2; l++) {
        int entry = data.get(BYTE, o + 2 + g * 2 + l) & 255 | (high >> l * 2 & 3) << 8;
        int signs = data.get(BYTE, o + 34 + g * 2 + l);
        Codewords.four(BOOK, entry * 8, signs, scale, out, at + n * 16 + l * 8);
        Codewords.four(BOOK, entry * 8 + 4, signs >> 4, scale, out, at + n * 16 + l * 8 + 4);
      }
    }
  }
}
