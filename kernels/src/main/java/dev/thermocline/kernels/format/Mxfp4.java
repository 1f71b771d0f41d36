package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;

/**
 * MXFP4, blocks of 32 (OCP microscaling formats, version 1.0): a power of two as the exponent of a
 * float, then nibbles as in {@link Q4_0}, each a float of one sign, two exponent bits and one
 * fraction bit; value = power of two * that float.
 */
public final class Mxfp4 implements TensorFormat {
  static final Mxfp4 INSTANCE = new Mxfp4();

  private Mxfp4() {}

  @Override
  public int ggufId() {
    return 39;
  }

  @Override
  public int blockElements() {
    return 32;
  }

  @Override
  public int blockBytes() {
    return 17;
  }

  @Override
  public float element(MemorySegment data, long index) {

    long block = index / 32 * 17;
    int nibble = Blocks.nibble(data, block + 1, (int) (index % 32));
    // The table holds twice the values, so that they are whole numbers.
    return FourBitValues.halfPowerOfTwo(Blocks.unsigned(data, block))
        * FourBitValues.doubledE2m1(nibble);
  }

  @Override
  public String toString() {
    return "MXFP4";
  }
}
