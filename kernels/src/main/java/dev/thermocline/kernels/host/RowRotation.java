package dev.thermocline.kernels.host;

import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RopeStyle;

/** Rotary embedding of one row of heads. */
public final class RowRotation {
  private RowRotation() {}

  /**
   * Rotates the {@code heads} heads from {@code offset} on, by the angles of batch row {@code
   * token}.
   */
  public static void rotate(float[] x, int offset, int heads, int headSize, Rope rope, int token) {
    int pairs = rope.pairs();
    boolean normal = rope.style() == RopeStyle.NORMAL;
    int step = normal ? 2 : 1;
    int distance = normal ? 1 : pairs;
    float[] cos = rope.cos();
    float[] sin = rope.sin();
    for (int head = 0; head < heads; head++) {
      int at = offset + head * headSize;
      for (int p = 0; p < pairs; p++) {
        int first = at + p * step;
        float a = x[first];
        float b = x[first + distance];
        float c = cos[token * pairs + p];
        float s = sin[token * pairs + p];
        x[first] = a * c - b * s;
        x[first + distance] = a * s + b * c;
      }
    }
  }
}
