package dev.thermocline.kernels.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Quantizes blocks of {@link Q4_K} and {@link Q5_K}: fits levels to each of the eight groups,
 * rounds their scales and minima to six bits, and then the elements to the levels that this leaves.
 */
final class GroupEncoder {
  private static final int GROUPS = 8;
  private static final int TOP_SCALE = 63;

  private final int top;
  private final LevelFit fit = new LevelFit();
  private final float[] scales = new float[GROUPS];
  private final float[] minima = new float[GROUPS];
  private final int[] codes = new int[256];

  /** For quants from 0 to {@code top}. */
  GroupEncoder(int top) {
    this.top = top;
  }

  /** Writes the first 16 bytes of a block, its scales, and returns its 256 quants. */
  int[] encode(float[] source, int offset, MemorySegment target, long at) {
    for (int g = 0; g < GROUPS; g++) {
      fit.affine(source, offset + g * 32, 32, top);
      scales[g] = fit.scale();
      minima[g] = fit.minimum();
    }
    float scale = unit(scales, target, at);
    float minimum = unit(minima, target, at + 2);
    for (int g = 0; g < 12; g++) {
      target.set(ValueLayout.JAVA_BYTE, at + 4 + g, (byte) 0);
    }
    for (int g = 0; g < GROUPS; g++) {
      int groupScale = share(scales[g], scale);
      int groupMinimum = share(minima[g], minimum);
      GroupScales.set(target, at + 4, g, groupScale, groupMinimum);
      round(source, offset, g, scale * groupScale, minimum * groupMinimum);
    }
    return codes;
  }

  /** Stores the unit of which the largest of {@code values} is 63, and returns it as stored. */
  private static float unit(float[] values, MemorySegment target, long at) {
    float max = 0;
    for (float value : values) {
      max = Math.max(max, value);
    }
    Blocks.setHalf(target, at, max / TOP_SCALE);
    return Blocks.half(target, at);
  }

  private static int share(float value, float unit) {
    return unit == 0 ? 0 : Math.clamp(Math.round(value / unit), 0, TOP_SCALE);
  }

  private void round(float[] source, int offset, int group, float scale, float minimum) {
    for (int i = group * 32; i < group * 32 + 32; i++) {
      float levels = scale == 0 ? 0 : (source[offset + i] + minimum) / scale;
      codes[i] = Math.clamp(Math.round(levels), 0, top);
    }
  }
}
