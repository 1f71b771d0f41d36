package dev.thermocline.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text of tokens as they arrive, never half a character: bytes of an unfinished UTF-8 sequence wait
 * for the next token. Used by one thread.
 */
public final class StreamDecoder {
  private final Tokenizer tokenizer;
  private final boolean renderSpecial;
  private boolean atStart;
  private byte[] pending = new byte[64];
  private int length;

  /**
   * Starts a text.
   *
   * @param renderSpecial whether control tokens give their text or nothing
   * @param continuation whether the tokens continue an earlier text, so that a leading space is
   *     part of it
   */
  public StreamDecoder(Tokenizer tokenizer, boolean renderSpecial, boolean continuation) {
    this.tokenizer = tokenizer;
    this.renderSpecial = renderSpecial;
    this.atStart = !continuation && tokenizer.addsSpacePrefix();
  }

  /** The text that became complete with {@code token}, often empty. */
  public String next(int token) {
    byte[] piece = tokenizer.piece(token, renderSpecial);
    int from = atStart && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
    atStart &= piece.length == 0;
    append(piece, from);
    int complete = Utf8.completePrefix(pending, length);
    String text = new String(pending, 0, complete, StandardCharsets.UTF_8);
    System.arraycopy(pending, complete, pending, 0, length - complete);
    length -= complete;
    return text;
  }

  /** What is left at the end of a text: empty, or a replacement character for half a sequence. */
  public String finish() {
    String text = new String(pending, 0, length, StandardCharsets.UTF_8);
    length = 0;
    return text;
  }

  private void append(byte[] piece, int from) {
    int count = piece.length - from;
    if (length + count > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(2 * pending.length, length + count));
    }
    System.arraycopy(piece, from, pending, length, count);
    length += count;
  }
}
