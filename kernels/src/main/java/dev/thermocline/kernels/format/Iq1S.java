package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ1_S, blocks of 256 in groups of 32: a float16 scale, the low eight bits of 32 indices into a
 * {@linkplain Codebook codebook} of eight elements, then a short number for each group: the high
 * three bits of its four indices, three bits of scale and the sign of the shift; value = scale * (2
 * * group scale + 1) * (element + shift), where the shift is an eighth up or down.
 */
public final class Iq1S implements TensorFormat {
  static final Iq1S INSTANCE = new Iq1S();

  private Iq1S() {}

  @Override
  public int ggufId() {
    return 19;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 50;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 50;
    int i = (int) (index % 256);
    int group = Blocks.unsignedShort(data, block + 34 + i / 32 * 2);
    int entry = Blocks.unsigned(data, block + 2 + i / 8) | (group >> i / 8 % 4 * 3 & 7) << 8;
    float scale = Blocks.half(data, block) * (2 * (group >> 12 & 7) + 1);
    return scale * (Codebook.IQ1.value(entry, i % 8) + (group < 0x8000 ? 0.125f : -0.125f));
  }

  @Override
  public String toString() {
    return "IQ1_S";
  }
}
