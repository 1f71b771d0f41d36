package dev.thermocline.models.tokenizer;

/** The shape of UTF-8 sequences. */
final class Utf8 {
  private Utf8() {}

  /** Length of the sequence that a first byte announces; 1 for a byte that starts none. */
  static int sequenceLength(byte first) {
    int b = first & 0xff;
    if (b < 0xc0) {
      return 1;
    }
    return b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
  }

  /**
   * Length of the longest prefix of {@code bytes[0, length)} that ends between sequences: all but a
   * last sequence that could still be completed.
   */
  static int completePrefix(byte[] bytes, int length) {
    for (int back = 1; back <= Math.min(3, length); back++) {
      byte b = bytes[length - back];
      if ((b & 0xc0) != 0x80) {
        boolean open = (b & 0xff) >= 0xc2 && (b & 0xff) < 0xf5 && sequenceLength(b) > back;
        return open ? length - back : length;
      }
    }
    return length;
  }

  /** Number of bytes of {@code text[from, to)}, which holds no half of a surrogate pair. */
  static int length(String text, int from, int to) {
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }

  /** Length of the well-formed sequence at {@code text[at]}, or 0 where there is none. */
  static int validSequence(byte[] text, int at, int to) {
    int length = sequenceLength(text[at]);
    if ((text[at] & 0xc0) == 0x80 || at + length > to) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((text[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
