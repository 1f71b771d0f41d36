package dev.thermocline.models.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** SentencePiece's normalization: characters by the file's map, spaces made visible and merged. */
final class UnigramNormalizer {
  private static final byte[] SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);
  private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);

  private final CharacterMap map;
  private final PrefixIndex userDefined;
  private final boolean spacePrefix;
  private final boolean mergeSpaces;

  /**
   * Sets the rules.
   *
   * @param userDefined tokens whose text stays as it is
   * @param spacePrefix whether a space comes before the first word
   * @param mergeSpaces whether words are separated by one space, whatever the text has
   */
  UnigramNormalizer(
      CharacterMap map, PrefixIndex userDefined, boolean spacePrefix, boolean mergeSpaces) {
    this.map = map;
    this.userDefined = userDefined;
    this.spacePrefix = spacePrefix;
    this.mergeSpaces = mergeSpaces;
  }

  /** A text on its way: what is written, and where in it words begin. */
  private final class Output {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean begun;
    boolean inWord;

    void add(byte[] text, int from, int to) {
      for (int i = from; i < to; i++) {
        add(text[i]);
      }
    }

    private void add(byte b) {
      if (b == ' ') {
        inWord = false;
        if (!mergeSpaces) {
          bytes.writeBytes(SPACE);
        }
        return;
      }
      if (!inWord && (mergeSpaces || spacePrefix && !begun)) {
        bytes.writeBytes(SPACE);
        begun = true;
      }
      inWord = true;
      bytes.write(b);
    }
  }

  byte[] normalize(byte[] text, int from, int to) {
    Output out = new Output();
    for (int at = from; at < to; ) {
      at += step(text, at, to, out);
    }
    return out.bytes.toByteArray();
  }

  /** Writes the normal form of what begins at {@code at}; returns how many bytes it took. */
  private int step(byte[] text, int at, int to, Output out) {
    int[] longest = new int[1];
    userDefined.match(text, at, to, (token, length) -> longest[0] = length);
    if (longest[0] > 0) {
      out.add(text, at, at + longest[0]);
      return longest[0];
    }
    CharacterMap.Replacement replacement = map.find(text, at, to);
    if (replacement != null) {
      out.add(map.texts(), replacement.from(), replacement.to());
      return replacement.taken();
    }
    int length = Utf8.validSequence(text, at, to);
    if (length == 0) {
      out.add(REPLACEMENT, 0, REPLACEMENT.length);
      return 1;
    }
    out.add(text, at, at + length);
    return length;
  }
}
