package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 256 in groups of 16: the low four bits of the elements, their high two bits, a signed
 * byte of scale for each group, and a float16 scale for all; value = scale * group scale * (six
 * bits - 32). Each half of a block holds four stripes of 32 elements, which share bytes.
 */
public final class Q6_K implements EncodableFormat {
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
  public void encode(
      float[] source, int offset, int count, MemorySegment target, long targetOffset) {
    Blocks.check(this, count);
    LevelFit fit = new LevelFit();
    float[] scales = new float[16];
    int[] codes = new int[256];
    for (int i = 0; i < count; i += 256) {
      long at = targetOffset + i / 256 * 210L;
      for (int g = 0; g < 16; g++) {
        fit.symmetric(source, offset + i + g * 16, 16, 32);
        scales[g] = fit.scale();
      }
      encodeScales(scales, target, at);
      round(source, offset + i, target, at, codes);
      pack(codes, target, at);
    }
  }

  /** The scale of largest magnitude, with its sign, becomes -128. */
  private static void encodeScales(float[] scales, MemorySegment target, long at) {
    float extreme = 0;
    for (float scale : scales) {
      extreme = Math.abs(scale) > Math.abs(extreme) ? scale : extreme;
    }
    Blocks.setHalf(target, at + 208, extreme / -128);
    float unit = Blocks.half(target, at + 208);
    for (int g = 0; g < 16; g++) {
      int share = unit == 0 ? 0 : Math.clamp(Math.round(scales[g] / unit), -128, 127);
      target.set(ValueLayout.JAVA_BYTE, at + 192 + g, (byte) share);
    }
  }

  private static void round(
      float[] source, int offset, MemorySegment target, long at, int[] codes) {
    float unit = Blocks.half(target, at + 208);
    for (int i = 0; i < 256; i++) {
      float scale = unit * target.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
      float level = scale == 0 ? 0 : source[offset + i] / scale;
      codes[i] = Math.clamp(Math.round(level), -32, 31) + 32;
    }
  }

  private static void pack(int[] codes, MemorySegment target, long at) {
    for (int i = 0; i < 128; i++) {
      int first = i / 64 * 128 + i % 64;
      int pair = codes[first] & 15 | codes[first + 64] << 4;
      target.set(ValueLayout.JAVA_BYTE, at + i, (byte) pair);
    }
    for (int i = 0; i < 64; i++) {
      int high = 0;
      for (int stripe = 0; stripe < 4; stripe++) {
        high |= codes[i / 32 * 128 + stripe * 32 + i % 32] >> 4 << 2 * stripe;
      }
      target.set(ValueLayout.JAVA_BYTE, at + 128 + i, (byte) high);
    }
  }

  @Override
  public String toString() {
    return "Q6_K";
  }
}
