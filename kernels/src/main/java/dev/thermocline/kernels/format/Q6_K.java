package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 256 in groups of 16: the low four bits of the elements, their high two bits, a signed
 * byte of scale for each group, and a float16 scale for all; value = scale * group scale * (six
 * bits - 32). Each half of a block holds four stripes of 32 elements, which share bytes.
 */
public final class Q6_K implements TensorFormat {
  static final Q6_K INSTANCE = new Q6_K();

  private Q6_K() {}

  @Override
  public int ggufId() {
    return 14;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 210;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 210;
    int i = (int) (index % 256);
    int half = i / 128;
    int stripe = i / 32 % 4;
    int within = i % 32;
    int low =
        Blocks.unsigned(data, block + half * 64 + stripe % 2 * 32 + within) >> stripe / 2 * 4 & 15;
    int high = Blocks.unsigned(data, block + 128 + half * 32 + within) >> stripe * 2 & 3;
    int group = data.get(ValueLayout.JAVA_BYTE, block + 192 + i / 16);
    return Blocks.half(data, block + 208) * group * ((low | high << 4) - 32);
  }

  @Override
  public String toString() {
    return "Q6_K";
  }
}
