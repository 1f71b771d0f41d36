package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ4_NL, blocks of 32: a float16 scale, then nibbles as in {@link Q4_0}, each of which names one
 * of {@linkplain FourBitValues#levels 16 unevenly spaced levels}; value = scale * level.
 */
public final class Iq4Nl implements TensorFormat {
  static final Iq4Nl INSTANCE = new Iq4Nl();

  private Iq4Nl() {}

  @Override
  public int ggufId() {
    return 20;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 18;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 32 * 18;
    int nibble = Blocks.nibble(data, block + 2, (int) (index % 32));
    return Blocks.half(data, block) * FourBitValues.level(nibble);
  }

  @Override
  public String toString() {
    return "IQ4_NL";
  }
}
