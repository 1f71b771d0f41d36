package dev.thermocline.models.tokenizer;

import java.nio.charset.StandardCharsets;

/** Turns text into token ids and back. Immutable, safe for use by several threads. */
public interface Tokenizer {

  /**
   * Ids of a text.
   *
   * @param utf8 the text; bytes that are no valid UTF-8 are encoded as bytes
   * @param parseSpecial whether control tokens are recognised by their text; off for text that
   *     users write
   * @param addSpecial whether the tokens that the model wants around a text (BOS, EOS) are added
   */
  int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial);

  /** As {@link #encode(byte[], boolean, boolean)}. */
  default int[] encode(String text, boolean parseSpecial, boolean addSpecial) {
    return encode(text.getBytes(StandardCharsets.UTF_8), parseSpecial, addSpecial);
  }

  /**
   * Ids of a prompt that a template made: control tokens are recognised in the template's own text
   * and never in what came from messages. There, of the tokens that a file calls user-defined, only
   * those are recognised that do not look like tags, such as runs of spaces.
   *
   * @param addSpecial whether {@link #bos} comes first where the model wants it and the prompt does
   *     not begin with it
   */
  int[] encode(PromptText prompt, boolean addSpecial);

  /**
   * Bytes that a token stands for inside a text.
   *
   * @param renderSpecial whether control tokens give their text or nothing
   * @throws IndexOutOfBoundsException if the vocabulary has no such token
   */
  byte[] piece(int token, boolean renderSpecial);

  /** Whether encoding puts a space before a text, which decoding takes away again. */
  boolean addsSpacePrefix();

  /**
   * Text of ids; bytes that form no valid UTF-8 become replacement characters.
   *
   * @param renderSpecial whether control tokens give their text or nothing
   */
  default String decode(int[] tokens, boolean renderSpecial) {
    return new String(decodeBytes(tokens, renderSpecial), StandardCharsets.UTF_8);
  }

  /** Bytes of the text of ids. */
  default byte[] decodeBytes(int[] tokens, boolean renderSpecial) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < tokens.length; i++) {
      byte[] piece = piece(tokens[i], renderSpecial);
      boolean strip = i == 0 && addsSpacePrefix() && piece.length > 0 && piece[0] == ' ';
      out.write(piece, strip ? 1 : 0, piece.length - (strip ? 1 : 0));
    }
    return out.toByteArray();
  }

  /** Number of tokens. */
  int size();

  /** The token's text as the vocabulary stores it. */
  String text(int token);

  TokenType type(int token);

  /** Token that begins a text, or -1. */
  int bos();

  /** Token that ends a text, or -1. */
  int eos();

  /** Whether {@link #encode} with {@code addSpecial} puts {@link #bos} first. */
  boolean addsBos();

  /** Whether generation stops at this token: end of text, turn or message. */
  boolean isEndOfGeneration(int token);
}
