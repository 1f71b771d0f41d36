package dev.thermocline.kernels.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * The codebooks of the IQ formats: short vectors of a few levels, among which an index chooses.
 * They are numbers of the GGUF specification; {@code build-codebooks.py} packed them.
 */
public final class Codebook {
  public static final Codebook IQ2_XXS = new Codebook(0, 256, 8, 8, 25, 43);
  public static final Codebook IQ2_XS = new Codebook(256, 512, 8, 8, 25, 43);
  public static final Codebook IQ2_S = new Codebook(768, 1024, 8, 8, 25, 43);
  public static final Codebook IQ3_XXS = new Codebook(1792, 256, 4, 4, 12, 20, 28, 36, 44, 52, 62);
  public static final Codebook IQ3_S = new Codebook(2048, 512, 4, 1, 3, 5, 7, 9, 11, 13, 15);
  public static final Codebook IQ1 = new Codebook(2560, 2048, 8, -1, 0, 1);

  private final int width;
  private final float[] values;

  /** Unpacks {@code entries} words from number {@code first} on. */
  private Codebook(int first, int entries, int width, int... levels) {
    this.width = width;
    this.values = new float[entries * width];
    int bits = width == 8 ? 2 : 3;
    for (int i = 0; i < values.length; i++) {
      int word = Packed.WORDS.get(first + i / width);
      values[i] = levels[word >> i % width * bits & (1 << bits) - 1];
    }
  }

  /** All elements, {@code [entries][width]}. */
  public float[] elements() {
    return values.clone();
  }

  float value(int entry, int element) {
    return values[entry * width + element];
  }

  /**
   * Eight signs of which seven are stored: their number is even. Bit i says that element i is
   * negative.
   */
  public static int signs(int seven) {
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }

  private static final class Packed {
    static final ShortBuffer WORDS = read();

    private static ShortBuffer read() {
      try (InputStream in = Codebook.class.getResourceAsStream("codebooks.bin")) {
        if (in == null) {
          throw new IllegalStateException("this build lacks codebooks.bin");
        }
        ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes());
        return bytes.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read codebooks.bin", e);
      }
    }
  }
}
