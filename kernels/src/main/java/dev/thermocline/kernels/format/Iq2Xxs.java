package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ2_XXS, blocks of 256 in groups of 32: a float16 scale, then two words for each group: four
 * indices of eight bits into a {@linkplain Codebook codebook} of eight elements, and four times
 * seven bits of signs below four bits of scale; value = scale * (0.5 + group scale) / 4 * element.
 */
public final class Iq2Xxs implements TensorFormat {
  static final Iq2Xxs INSTANCE = new Iq2Xxs();

  private Iq2Xxs() {}

  @Override
  public int ggufId() {
    return 16;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 66;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 66;
    long group = block + 2 + index % 256 / 32 * 8;
    int i = (int) (index % 32);
    int rest = Blocks.word(data, group + 4);
    float scale = Blocks.half(data, block) * (0.5f + (rest >>> 28)) * 0.25f;
    float value = Codebook.IQ2_XXS.value(Blocks.unsigned(data, group + i / 8), i % 8);
    int signs = Codebook.signs(rest >>> i / 8 * 7 & 127);
    return scale * ((signs >> i % 8 & 1) == 0 ? value : -value);
  }

  @Override
  public String toString() {
    return "IQ2_XXS";
  }
}
