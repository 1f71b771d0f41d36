package dev.thermocline.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * A prompt that remembers which of its characters came from messages: they are text, whatever they
 * look like, and never become control tokens. Immutable.
 */
public final class PromptText {
  private final String text;
  private final BitSet foreign;

  /**
   * A prompt.
   *
   * @param text the whole prompt
   * @param foreign indices of the {@code char}s that came from messages
   */
  public PromptText(String text, BitSet foreign) {
    this.text = text;
    this.foreign = (BitSet) foreign.clone();
  }

  /** The whole prompt. */
  public String text() {
    return text;
  }

  /** Whether character {@code i} came from a message. */
  public boolean isForeign(int i) {
    return foreign.get(i);
  }

  /** The prompt as UTF-8. */
  byte[] utf8() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Indices of the bytes of {@link #utf8} that came from messages. */
  BitSet foreignBytes() {
    BitSet bytes = new BitSet();
    int at = 0;
    for (int i = 0; i < text.length(); ) {
      int next = i + Character.charCount(text.codePointAt(i));
      int length = Utf8.length(text, i, next);
      if (foreign.get(i)) {
        bytes.set(at, at + length);
      }
      at += length;
      i = next;
    }
    return bytes;
  }

  @Override
  public String toString() {
    return text;
  }
}
