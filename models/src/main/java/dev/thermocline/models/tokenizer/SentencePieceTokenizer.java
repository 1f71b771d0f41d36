package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.util.Locale;

/**
 * SentencePiece BPE (Kudo and Richardson, 2018) with byte fallback, as Llama 1 and 2 use it: spaces
 * become U+2581, neighbouring pieces merge by score, and what stays unknown is spelled in bytes.
 */
final class SentencePieceTokenizer extends VocabularyTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  private final PieceTable pieces;
  private final float[] scores;
  private final int[] byteTokens = new int[256];
  private final byte[] byteValues;
  private final boolean spacePrefix;

  static SentencePieceTokenizer of(GgufMetadata metadata) {
    Vocabulary vocabulary = new Vocabulary(metadata, 1, 2, 0);
    boolean addBos = metadata.bool(PREFIX + "add_bos_token", true);
    boolean addEos = metadata.bool(PREFIX + "add_eos_token", false);
    return new SentencePieceTokenizer(
        metadata, vocabulary, addBos ? vocabulary.bos() : -1, addEos ? vocabulary.eos() : -1);
  }

  private SentencePieceTokenizer(
      GgufMetadata metadata, Vocabulary vocabulary, int first, int last) {
    super(vocabulary, StripRules.of(metadata, vocabulary), first, last);
    pieces = vocabulary.pieces();
    scores = Vocabulary.sized(metadata, PREFIX + "scores", vocabulary.size()).toFloats();
    spacePrefix = metadata.bool(PREFIX + "add_space_prefix", true);
    byteValues = new byte[vocabulary.size()];
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = byteToken(b);
    }
  }

  private int byteToken(int b) {
    int token = pieces.find(String.format(Locale.ROOT, "<0x%02X>", b));
    if (token >= 0) {
      byteValues[token] = (byte) b;
      return token;
    }
    int literal = pieces.find(new byte[] {(byte) b}, 0, 1);
    return literal >= 0 ? literal : vocabulary().unknown();
  }

  @Override
  void encode(byte[] text, int from, int to, boolean afterSpecial, IntList out) {
    byte[] escaped = SpaceEscape.escape(text, from, to, spacePrefix && afterSpecial);
    new PairMerger(this::score).merge(escaped, escaped.length, this::emit, out);
  }

  private double score(byte[] text, int from, int middle, int to) {
    int token = pieces.find(text, from, to);
    return token < 0 ? Double.NaN : scores[token];
  }

  /** Adds the token of a merged piece, or its bytes where there is none. */
  private void emit(byte[] text, int from, int to, IntList out) {
    int token = pieces.find(text, from, to);
    if (token >= 0) {
      out.add(token);
      return;
    }
    for (int i = from; i < to; i++) {
      int spelled = byteTokens[text[i] & 0xff];
      if (spelled >= 0) {
        out.add(spelled);
      }
    }
  }

  @Override
  public byte[] piece(int token, boolean renderSpecial) {
    return switch (type(token)) {
      case CONTROL, UNKNOWN -> renderSpecial ? pieces.piece(token) : new byte[0];
      case USER_DEFINED -> pieces.piece(token);
      case BYTE -> new byte[] {byteValues[token]};
      case NORMAL -> unescaped(token);
      case UNDEFINED, UNUSED -> new byte[0];
    };
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix;
  }
}
