package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.format.Codebook;
import dev.thermocline.kernels.format.Iq3Xxs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IQ3_XXS rows, decoded. */
final class DotIq3Xxs extends DecodingDot {
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int BLOCK = 98;
  private static final float[] BOOK = Codebook.IQ3_XXS.elements();

  DotIq3Xxs(Iq3Xxs format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 32;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      int g = n % 8;
      int rest = data.get(WORD, o + 66 + g * 4);
      float scale = Float.float16ToFloat(data.get(HALF, o)) * (0.5f + (rest >>> 28)) * 0.5f;
      for (int l = 0; l < 4; l++) {
        int first = data.get(BYTE, o + 2 + g * 8 + l * 2) & 255;
        int second = data.get(BYTE, o + 3 + g * 8 + l * 2) & 255;
        int signs = Codebook.signs(rest >>> l * 7 & 127);
        Codewords.four(BOOK, first * 4, signs, scale, out, at + n * 32 + l * 8);
        Codewords.four(BOOK, second * 4, signs >> 4, scale, out, at + n * 32 + l * 8 + 4);
      }
    }
  }
}
