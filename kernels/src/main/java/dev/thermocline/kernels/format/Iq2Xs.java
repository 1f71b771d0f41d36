package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ2_XS, blocks of 256 in groups of 16: a float16 scale, 32 short numbers, each an index of nine
 * bits into a {@linkplain Codebook codebook} of eight elements below seven bits of signs, then four
 * bits of scale for each group; value = scale * (0.5 + group scale) / 4 * element.
 */
public final class Iq2Xs implements TensorFormat {
  static final Iq2Xs INSTANCE = new Iq2Xs();

  private Iq2Xs() {}

  @Override
  public int ggufId() {
    return 17;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 74;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 74;
    int i = (int) (index % 256);
    int code = Blocks.unsignedShort(data, block + 2 + i / 8 * 2);
    int group = Blocks.unsigned(data, block + 66 + i / 32) >> i / 16 % 2 * 4 & 15;
    float scale = Blocks.half(data, block) * (0.5f + group) * 0.25f;
    float value = Codebook.IQ2_XS.value(code & 511, i % 8);
    return scale * ((Codebook.signs(code >> 9) >> i % 8 & 1) == 0 ? value : -value);
  }

  @Override
  public String toString() {
    return "IQ2_XS";
  }
}
