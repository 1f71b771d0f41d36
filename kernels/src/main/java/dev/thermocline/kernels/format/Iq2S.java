package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ2_S, blocks of 256 in groups of 16: a float16 scale, the low eight bits of 32 indices into a
 * {@linkplain Codebook codebook} of eight elements, 32 bytes of signs, the high two bits of the
 * indices, then four bits of scale for each group; value = scale * (0.5 + group scale) / 4 *
 * element.
 */
public final class Iq2S implements TensorFormat {
  static final Iq2S INSTANCE = new Iq2S();

  private Iq2S() {}

  @Override
  public int ggufId() {
    return 22;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 82;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 82;
    int i = (int) (index % 256);
    int high = Blocks.unsigned(data, block + 66 + i / 32) >> i / 8 % 4 * 2 & 3;
    int entry = Blocks.unsigned(data, block + 2 + i / 8) | high << 8;
    int group = Blocks.unsigned(data, block + 74 + i / 32) >> i / 16 % 2 * 4 & 15;
    float scale = Blocks.half(data, block) * (0.5f + group) * 0.25f;
    float value = Codebook.IQ2_S.value(entry, i % 8);
    int signs = Blocks.unsigned(data, block + 34 + i / 8);
    return scale * ((signs >> i % 8 & 1) == 0 ? value : -value);
  }

  @Override
  public String toString() {
    return "IQ2_S";
  }
}
