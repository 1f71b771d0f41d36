package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufArray;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's precompiled character map: a double array (Aoe, 1989, in the XOR form of Darts
 * clone) from prefixes of a text to their replacements, which lie behind it, each ended by a zero.
 */
final class CharacterMap {
  private static final String KEY = "tokenizer.ggml.precompiled_charsmap";
  private static final int LEAF = 1 << 8;
  private static final int LABEL = 1 << 31 | 0xff;

  private final int[] units;
  private final byte[] texts;

  /**
   * What a prefix of a text becomes: {@code texts()[from, to)}.
   *
   * @param taken length of the prefix
   */
  record Replacement(int from, int to, int taken) {}

  private CharacterMap(int[] units, byte[] texts) {
    this.units = units;
    this.texts = texts;
  }

  /**
   * The map of a file, one that replaces nothing where it has none.
   *
   * @throws GgufFormatException if it is damaged
   */
  static CharacterMap of(GgufMetadata metadata) {
    if (!metadata.contains(KEY)) {
      return new CharacterMap(new int[0], new byte[0]);
    }
    GgufArray array = metadata.array(KEY);
    ByteBuffer bytes = ByteBuffer.allocate(array.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < array.size(); i++) {
      bytes.put((byte) array.integer(i));
    }
    bytes.flip();
    long size = bytes.remaining() < 4 ? Long.MAX_VALUE : Integer.toUnsignedLong(bytes.getInt());
    if (size >= bytes.remaining()) {
      throw new GgufFormatException(
          KEY, -1, "expected a double array within " + array.size() + " bytes, found " + size);
    }
    int[] units = new int[(int) size / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = bytes.getInt(4 + 4 * i);
    }
    byte[] texts = new byte[bytes.limit() - 4 - (int) size];
    bytes.get(4 + (int) size, texts);
    return new CharacterMap(units, texts);
  }

  /** The replacement of the longest prefix of {@code text[from, to)} that has one. */
  @Nullable Replacement find(byte[] text, int from, int to) {
    if (units.length == 0) {
      return null;
    }
    int taken = 0;
    int value = 0;
    int node = base(unit(0));
    for (int i = from; i < to && text[i] != 0; i++) {
      int label = text[i] & 0xff;
      node ^= label;
      int unit = unit(node);
      if ((unit & LABEL) != label) {
        break;
      }
      node ^= base(unit);
      if ((unit & LEAF) != 0) {
        taken = i - from + 1;
        value = unit(node) & Integer.MAX_VALUE;
      }
    }
    return taken == 0 ? null : replacement(value, taken);
  }

  /** The texts that replacements lie in. */
  byte[] texts() {
    return texts;
  }

  private static int base(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private int unit(int node) {
    if (node < 0 || node >= units.length) {
      throw damaged("a node below " + units.length, node);
    }
    return units[node];
  }

  private Replacement replacement(int from, int taken) {
    int to = from;
    while (to < texts.length && texts[to] != 0) {
      to++;
    }
    if (to >= texts.length) {
      throw damaged("a text that ends within " + texts.length + " bytes", from);
    }
    return new Replacement(from, to, taken);
  }

  private static GgufFormatException damaged(String expected, int found) {
    return new GgufFormatException(
        KEY, -1, "expected " + expected + ", found " + Integer.toUnsignedString(found));
  }
}
