package dev.thermocline.models.tokenizer;

import java.io.ByteArrayOutputStream;

/** U+2581, the visible space of SentencePiece vocabularies. */
final class SpaceEscape {
  private static final byte[] SPACE = {(byte) 0xe2, (byte) 0x96, (byte) 0x81};

  private SpaceEscape() {}

  /**
   * {@code text[from, to)} with its spaces made visible.
   *
   * @param prefix whether one more comes first
   */
  static byte[] escape(byte[] text, int from, int to, boolean prefix) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + 16);
    if (prefix) {
      out.writeBytes(SPACE);
    }
    for (int i = from; i < to; i++) {
      if (text[i] == ' ') {
        out.writeBytes(SPACE);
      } else {
        out.write(text[i]);
      }
    }
    return out.toByteArray();
  }
}
