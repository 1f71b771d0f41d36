package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.format.Codebook;
import dev.thermocline.kernels.format.Iq2Xxs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** IQ2_XXS rows, decoded. */
final class DotIq2Xxs extends DecodingDot {
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int BLOCK = 66;
  private static final float[] BOOK = Codebook.IQ2_XXS.elements();

  DotIq2Xxs(Iq2Xxs format) {
    super(format);
  }

  @Override
  public void decode(MemorySegment data, long offset, int count, float[] out, int at) {
    int groups = count / 32;
    for (int n = 0; n < groups; n++) {
      long o = offset + n / 8 * (long) BLOCK;
      int g = n % 8;
      int indices = data.get(WORD, o + 2 + g * 8);
      int rest = data.get(WORD, o + 6 + g * 8);
      float scale = Float.float16ToFloat(data.get(HALF, o)) * (0.5f + (rest >>> 28)) * 0.25f;
      for (int l = 0; l < 4; l++) {
        int entry = indices >>> l * 8 & 255;
        int signs = Codebook.signs(rest >>> l * 7 & 127);
        Codewords.four(BOOK, entry * 8, signs, scale, out, at + n * 32 + l * 8);
        Codewords.four(BOOK, entry * 8 + 4, signs >> 4, scale, out, at + n * 32 + l * 8 + 4);
      }
    }
  }
}
