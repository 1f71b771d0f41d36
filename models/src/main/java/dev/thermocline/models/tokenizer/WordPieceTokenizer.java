package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * WordPiece (Schuster and Nakajima, 2012) as BERT uses it: words, lower-cased and without accents,
 * are covered by the longest tokens from the left; a word that cannot be is one unknown token. In
 * the vocabulary U+2581 begins a word.
 */
final class WordPieceTokenizer extends VocabularyTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  private final PieceTable pieces;
  private final BertNormalizer normalizer;
  private final PrefixIndex index;

  static WordPieceTokenizer of(GgufMetadata metadata) {
    Vocabulary vocabulary =
        new Vocabulary(metadata, (int) metadata.integer(PREFIX + "cls_token_id", 101), -1, 100);
    int separator = vocabulary.id(metadata, "seperator_token_id", 102);
    return new WordPieceTokenizer(metadata, vocabulary, vocabulary.bos(), separator);
  }

  private WordPieceTokenizer(GgufMetadata metadata, Vocabulary vocabulary, int first, int last) {
    super(vocabulary, StripRules.of(metadata, vocabulary), first, last);
    pieces = vocabulary.pieces();
    normalizer = BertNormalizer.of(metadata);
    index = new PrefixIndex(pieces, IntStream.range(0, vocabulary.size()).toArray());
  }

  @Override
  void encode(byte[] text, int from, int to, boolean afterSpecial, IntList out) {
    String characters = new String(text, from, to - from, StandardCharsets.UTF_8);
    for (String word : normalizer.words(characters)) {
      byte[] utf8 = ("\u2581" + word).getBytes(StandardCharsets.UTF_8);
      int[] cover = cover(utf8);
      if (cover.length == 0 && vocabulary().unknown() >= 0) {
        out.add(vocabulary().unknown());
      }
      for (int token : cover) {
        out.add(token);
      }
    }
  }

  /** Tokens of a word, none where they do not cover it. */
  private int[] cover(byte[] word) {
    IntList tokens = new IntList();
    int[] longest = new int[2];
    for (int from = 0; from < word.length; from += longest[1]) {
      longest[1] = 0;
      index.match(
          word,
          from,
          word.length,
          (token, length) -> {
            longest[0] = token;
            longest[1] = length;
          });
      if (longest[1] == 0) {
        return new int[0];
      }
      tokens.add(longest[0]);
    }
    return tokens.toArray();
  }

  @Override
  public byte[] piece(int token, boolean renderSpecial) {
    return switch (type(token)) {
      case CONTROL, UNKNOWN -> renderSpecial ? pieces.piece(token) : new byte[0];
      case USER_DEFINED -> pieces.piece(token);
      case BYTE -> new byte[] {byteValue(token)};
      case NORMAL -> unescaped(token);
      case UNDEFINED, UNUSED -> new byte[0];
    };
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }
}
