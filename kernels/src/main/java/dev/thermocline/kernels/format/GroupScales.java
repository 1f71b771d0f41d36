package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Scales and minima of the eight groups of a {@link Q4_K} or {@link Q5_K} block, six bits each in
 * twelve bytes: those of groups 0 to 3 in the low bits of bytes 0 to 3 and 4 to 7; of groups 4 to 7
 * the low four bits in the nibbles of bytes 8 to 11 and the high two bits on top of the others.
 */
final class GroupScales {
  private GroupScales() {}

  static int scale(MemorySegment data, long at, int group) {
    return group < 4
        ? Blocks.unsigned(data, at + group) & 63
        : Blocks.unsigned(data, at + group + 4) & 15
            | Blocks.unsigned(data, at + group - 4) >> 6 << 4;
  }

  /** Adds a group's to bytes that were zero. */
  static void set(MemorySegment data, long at, int group, int scale, int minimum) {
    if (group < 4) {
      or(data, at + group, scale);
      or(data, at + group + 4, minimum);
    } else {
      or(data, at + group + 4, scale & 15 | (minimum & 15) << 4);
      or(data, at + group - 4, scale >> 4 << 6);
      or(data, at + group, minimum >> 4 << 6);
    }
  }

  private static void or(MemorySegment data, long at, int bits) {
    data.set(ValueLayout.JAVA_BYTE, at, (byte) (Blocks.unsigned(data, at) | bits));
  }

  static int minimum(MemorySegment data, long at, int group) {
    return group < 4
        ? Blocks.unsigned(data, at + group + 4) & 63
        : Blocks.unsigned(data, at + group + 4) >> 4 | Blocks.unsigned(data, at + group) >> 6 << 4;
  }
}
