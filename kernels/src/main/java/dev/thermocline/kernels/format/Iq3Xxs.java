package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ3_XXS, blocks of 256 in groups of 32: a float16 scale, 64 indices of eight bits into a
 * {@linkplain Codebook codebook} of four elements, then a word for each group, four times seven
 * bits of signs below four bits of scale; value = scale * (0.5 + group scale) / 2 * element.
 */
public final class Iq3Xxs implements TensorFormat {
  static final Iq3Xxs INSTANCE = new Iq3Xxs();

  private Iq3Xxs() {}

  @Override
  public int ggufId() {
    return 18;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 98;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 98;
    int i = (int) (index % 256);
    int rest = Blocks.word(data, block + 66 + i / 32 * 4);
    float scale = Blocks.half(data, block) * (0.5f + (rest >>> 28)) * 0.5f;
    float value = Codebook.IQ3_XXS.value(Blocks.unsigned(data, block + 2 + i / 4), i % 4);
    int signs = Codebook.signs(rest >>> i / 8 % 4 * 7 & 127);
    return scale * ((signs >> i % 8 & 1) == 0 ? value : -value);
  }

  @Override
  public String toString() {
    return "IQ3_XXS";
  }
}
