package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ4_XS, blocks of 256 in groups of 32: a float16 scale, the upper two and the lower four bits of
 * each group's scale, then 16 bytes of nibbles for each group as in {@link Iq4Nl}; value = scale *
 * (group scale - 32) * level.
 */
public final class Iq4Xs implements TensorFormat {
  static final Iq4Xs INSTANCE = new Iq4Xs();

  private Iq4Xs() {}

  @Override
  public int ggufId() {
    return 23;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 136;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 136;
    int i = (int) (index % 256);
    int group = i / 32;
    int low = Blocks.unsigned(data, block + 4 + group / 2) >> group % 2 * 4 & 15;
    int high = Blocks.unsigned(data, block + 2 + group / 4) >> group % 4 * 2 & 3;
    float scale = Blocks.half(data, block) * ((low | high << 4) - 32);
    int nibble = Blocks.nibble(data, block + 8 + group * 16, i % 32);
    return scale * FourBitValues.level(nibble);
  }

  @Override
  public String toString() {
    return "IQ4_XS";
  }
}
