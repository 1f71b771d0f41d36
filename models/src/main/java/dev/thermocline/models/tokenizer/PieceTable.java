package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufArray;
import dev.thermocline.models.gguf.GgufFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The texts of all tokens as bytes, and the way back from bytes to id: one byte array and one open
 * hash table, no object per token.
 */
final class PieceTable {
  /** Differs from run to run, so that no file can aim all its tokens at one slot. */
  private static final int SEED = new SplittableRandom().nextInt();

  private final byte[] bytes;
  private final int[] starts;
  private final int[] slots;

  PieceTable(GgufArray texts) {
    int size = texts.size();
    starts = new int[size + 1];
    long total = 0;
    for (int i = 0; i < size; i++) {
      starts[i] = (int) total;
      total += texts.bytes(i).byteSize();
      if (total > Integer.MAX_VALUE - 8) {
        throw new GgufFormatException(
            "tokenizer.ggml.tokens", -1, "expected texts of less than 2 GiB");
      }
    }
    starts[size] = (int) total;
    bytes = new byte[(int) total];
    slots = new int[Integer.highestOneBit(Math.max(size, 1)) * 4];
    Arrays.fill(slots, -1);
    for (int i = 0; i < size; i++) {
      MemorySegment text = texts.bytes(i);
      MemorySegment.copy(text, ValueLayout.JAVA_BYTE, 0, bytes, starts[i], (int) text.byteSize());
      // The last of several tokens with the same text is the one found, as in llama.cpp.
      slots[slot(bytes, starts[i], starts[i + 1])] = i;
    }
  }

  int size() {
    return starts.length - 1;
  }

  /** Id of the token whose text is {@code text[from, to)}, or -1. */
  int find(byte[] text, int from, int to) {
    return slots[slot(text, from, to)];
  }

  int find(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return find(utf8, 0, utf8.length);
  }

  byte[] piece(int id) {
    return Arrays.copyOfRange(bytes, starts[id], starts[id + 1]);
  }

  int length(int id) {
    return starts[id + 1] - starts[id];
  }

  /** Byte {@code i} of a token, 0 to 255, or -1 past its end. */
  int byteAt(int id, int i) {
    return i < length(id) ? bytes[starts[id] + i] & 0xff : -1;
  }

  /** Order by unsigned bytes, then by id. */
  int compare(int a, int b) {
    int byText =
        Arrays.compareUnsigned(bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
    return byText != 0 ? byText : Integer.compare(a, b);
  }

  /** The slot that holds the text, or the free one where it would go. */
  private int slot(byte[] text, int from, int to) {
    int hash = SEED;
    for (int i = from; i < to; i++) {
      hash = (hash + text[i]) * 0x9e3779b1;
      hash ^= hash >>> 15;
    }
    int slot = hash & slots.length - 1;
    while (slots[slot] >= 0 && !matches(slots[slot], text, from, to)) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  private boolean matches(int id, byte[] text, int from, int to) {
    return Arrays.equals(bytes, starts[id], starts[id + 1], text, from, to);
  }
}
