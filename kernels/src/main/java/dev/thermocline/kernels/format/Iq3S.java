package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ3_S, blocks of 256 in groups of 32: a float16 scale, the low eight bits of 64 indices into a
 * {@linkplain Codebook codebook} of four elements, their ninth bits, 32 bytes of signs, then four
 * bits of scale for each group; value = scale * (1 + 2 * group scale) * element.
 */
public final class Iq3S implements TensorFormat {
  static final Iq3S INSTANCE = new Iq3S();

  private Iq3S() {}

  @Override
  public int ggufId() {
    return 21;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 110;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 110;
    int i = (int) (index % 256);
    int high = Blocks.unsigned(data, block + 66 + i / 32) >> i / 4 % 8 & 1;
    int entry = Blocks.unsigned(data, block + 2 + i / 4) | high << 8;
    int group = Blocks.unsigned(data, block + 106 + i / 64) >> i / 32 % 2 * 4 & 15;
    float scale = Blocks.half(data, block) * (1 + 2 * group);
    float value = Codebook.IQ3_S.value(entry, i % 4);
    int signs = Blocks.unsigned(data, block + 74 + i / 8);
    return scale * ((signs >> i % 8 & 1) == 0 ? value : -value);
  }

  @Override
  public String toString() {
    return "IQ3_S";
  }
}
