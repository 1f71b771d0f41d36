package dev.thermocline.models.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The visible characters that stand for bytes in byte-level vocabularies (Radford et al., 2019):
 * printable Latin-1 characters for themselves, U+0100 onwards for the other 68 bytes.
 */
final class ByteAlphabet {
  private static final int REST = 0x100;
  private static final char[] CHARACTERS = new char[256];
  private static final int[] BYTES = new int[REST + 68];

  static {
    Arrays.fill(BYTES, -1);
    char next = REST;
    for (int b = 0; b < 256; b++) {
      CHARACTERS[b] = isPrintable(b) ? (char) b : next++;
      BYTES[CHARACTERS[b]] = b;
    }
  }

  private ByteAlphabet() {}

  private static boolean isPrintable(int b) {
    return b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
  }

  /**
   * Spells {@code text[from, to)} in the alphabet, as UTF-8.
   *
   * @param out room for twice as many bytes
   * @return number of bytes written
   */
  static int encode(byte[] text, int from, int to, byte[] out) {
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = CHARACTERS[text[i] & 0xff];
      if (c < 0x80) {
        out[length++] = (byte) c;
      } else {
        out[length++] = (byte) (0xc0 | c >> 6);
        out[length++] = (byte) (0x80 | c & 0x3f);
      }
    }
    return length;
  }

  /** The bytes that a text stands for; characters outside the alphabet stand for themselves. */
  static byte[] decode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c < BYTES.length && BYTES[c] >= 0) {
            out.write(BYTES[c]);
          } else {
            out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
          }
        });
    return out.toByteArray();
  }
}
