package dev.thermocline.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads Q6_K, in which llama.cpp leaves the output matrix of nearly every Q4_0 file. There are no
 * kernels for it yet, so such a matrix is widened to F32 when it is loaded; every value stays
 * exactly what it was.
 *
 * <p>Blocks of 256: the low four bits of the elements, their high two bits, a signed byte of scale
 * for each 16 elements, and a float16 scale for all; value = scale * group scale * (six bits - 32).
 */
final class Q6K {
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH_BITS = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  private Q6K() {}

  /** Decodes whole blocks to {@code target}, which has room for a float per element. */
  static void decode(MemorySegment blocks, MemorySegment target) {
    byte[] block = new byte[BLOCK_BYTES];
    float[] values = new float[256];
    long count = blocks.byteSize() / BLOCK_BYTES;
    for (long b = 0; b < count; b++) {
      MemorySegment.copy(blocks, ValueLayout.JAVA_BYTE, b * BLOCK_BYTES, block, 0, BLOCK_BYTES);
      decode(block, values);
      MemorySegment.copy(values, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, b * 1024, 256);
    }
  }

  private static void decode(byte[] block, float[] values) {
    short bits = (short) (block[SCALE] & 0xff | block[SCALE + 1] << 8);
    float scale = Float.float16ToFloat(bits);
    for (int i = 0; i < 256; i++) {
      // Each half of a block holds four stripes of 32 elements, which share bytes.
      int half = i / 128;
      int stripe = i / 32 % 4;
      int within = i % 32;
      int low = block[half * 64 + stripe % 2 * 32 + within] >> stripe / 2 * 4 & 15;
      int high = block[HIGH_BITS + half * 32 + within] >> stripe * 2 & 3;
      values[i] = scale * block[SCALES + i / 16] * ((low | high << 4) - 32);
    }
  }
}
