package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.format.Codebook;
import dev.thermocline.kernels.format.Iq3S;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IQ3_S rows, decoded. */
final class DotIq3S extends DecodingDot {
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 110;
  private static final float[] BOOK = Codebook.IQ3_S.elements();

  DotIq3S(Iq3S format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 32;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      int g = n % 8;
      int group = data.get(BYTE, o + 106 + g / 2) >> g % 2 * 4 & 15;
      int high = data.get(BYTE, o + 66 + g);
      float scale = Float.float16ToFloat(data.get(HALF, o)) * (1 + 2 * group);
      for (int l = 0; l < 4; l++) {
        int first = data.get(BYTE, o + 2 + g * 8 + l * 2) & 255 | (high >> l * 2 & 1) << 8;
        int second = data.get(BYTE, o + 3 + g * 8 + l * 2) & 255 | (high >> l * 2 + 1 & 1) << 8;
        int signs = data.get(BYTE, o + 74 + g * 4 + l);
        Codewords.four(BOOK, first * 4, signs, scale, out, at + n * 32 + l * 8);
        Codewords.four(BOOK, second * 4, signs >> 4, scale, out, at + n * 32 + l * 8 + 4);
      }
    }
  }
}
