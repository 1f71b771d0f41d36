package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * IQ1_M, blocks of 256 in groups of 16: the low eight bits of 32 indices into a {@linkplain
 * Codebook codebook} of eight elements, four bits for each with the high three bits of the index
 * and the sign of the shift, then four short numbers with three bits of scale for each group, whose
 * highest four bits make up a float16 scale; value = scale * (2 * group scale + 1) * (element +
 * shift), where the shift is an eighth up or down.
 */
public final class Iq1M implements TensorFormat {
  static final Iq1M INSTANCE = new Iq1M();

  private Iq1M() {}

  @Override
  public int ggufId() {
    return 29;
  }

  @Override
  public int blockElements() {
    return 256;
  }

  @Override
  public int blockBytes() {
    return 56;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 256 * 56;
    int i = (int) (index % 256);
    int high = Blocks.unsigned(data, block + 32 + i / 16) >> i / 8 % 2 * 4;
    int entry = Blocks.unsigned(data, block + i / 8) | (high & 7) << 8;
    int scales = Blocks.unsignedShort(data, block + 48 + i / 64 * 2);
    float scale = commonScale(data, block + 48) * (2 * (scales >> i / 16 % 4 * 3 & 7) + 1);
    return scale * (Codebook.IQ1.value(entry, i % 8) + ((high & 8) == 0 ? 0.125f : -0.125f));
  }

  private static float commonScale(MemorySegment data, long scales) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= Blocks.unsignedShort(data, scales + 2 * i) >> 12 << 4 * i;
    }
    return Float.float16ToFloat((short) bits);
  }

  @Override
  public String toString() {
    return "IQ1_M";
  }
}
