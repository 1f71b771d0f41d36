package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * SentencePiece unigram model (Kudo, 2018), as T5 uses it: of all ways to cut a text into tokens
 * the one whose scores sum highest, found by dynamic programming from left to right.
 */
final class UnigramTokenizer extends VocabularyTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  /** How far below the worst token an unknown character scores. */
  private static final float UNKNOWN_PENALTY = 10;

  private final PieceTable pieces;
  private final PrefixIndex index;
  private final double[] scores;
  private final double unknownScore;
  private final UnigramNormalizer normalizer;
  private final boolean spacePrefix;

  static UnigramTokenizer of(GgufMetadata metadata) {
    Vocabulary vocabulary = new Vocabulary(metadata, -1, 1, 2);
    boolean addBos = metadata.bool(PREFIX + "add_bos_token", false);
    boolean addEos = metadata.bool(PREFIX + "add_eos_token", true);
    return new UnigramTokenizer(
        metadata, vocabulary, addBos ? vocabulary.bos() : -1, addEos ? vocabulary.eos() : -1);
  }

  private UnigramTokenizer(GgufMetadata metadata, Vocabulary vocabulary, int first, int last) {
    super(vocabulary, StripRules.of(metadata, vocabulary), first, last);
    pieces = vocabulary.pieces();
    float[] stated = Vocabulary.sized(metadata, PREFIX + "scores", vocabulary.size()).toFloats();
    scores = new double[stated.length];
    Arrays.setAll(
        scores, i -> vocabulary.type(i) == TokenType.USER_DEFINED ? 0 : (double) stated[i]);
    unknownScore = worst(vocabulary, stated) - UNKNOWN_PENALTY;
    index = new PrefixIndex(pieces, tokens(vocabulary, true));
    spacePrefix = metadata.bool(PREFIX + "add_space_prefix", false);
    normalizer =
        new UnigramNormalizer(
            CharacterMap.of(metadata),
            new PrefixIndex(pieces, tokens(vocabulary, false)),
            spacePrefix,
            metadata.bool(PREFIX + "remove_extra_whitespaces", false));
  }

  private static float worst(Vocabulary vocabulary, float[] scores) {
    float worst = Float.MAX_VALUE;
    for (int i = 0; i < scores.length; i++) {
      if (vocabulary.type(i) == TokenType.NORMAL && scores[i] < worst) {
        worst = scores[i];
      }
    }
    return worst;
  }

  /** The tokens that text may become, or only the user-defined ones among them. */
  private static int[] tokens(Vocabulary vocabulary, boolean all) {
    return IntStream.range(0, vocabulary.size())
        .filter(i ->
            switch (vocabulary.type(i)) {
              case USER_DEFINED -> true;
              case NORMAL, UNUSED -> all;
              case UNDEFINED, UNKNOWN, CONTROL, BYTE -> false;
            })
        .toArray();
  }

  /** The best cut of every prefix of a text: its score, its last token and where that begins. */
  private static final class Lattice {
    final double[] score;
    final int[] token;
    final int[] start;

    Lattice(int length) {
      score = new double[length + 1];
      Arrays.fill(score, 1, length + 1, -Double.MAX_VALUE);
      token = new int[length + 1];
      start = new int[length + 1];
    }

    void offer(int from, int to, int candidate, double tokenScore) {
      if (score[from] + tokenScore > score[to]) {
        score[to] = score[from] + tokenScore;
        token[to] = candidate;
        start[to] = from;
      }
    }
  }

  @Override
  void encode(byte[] text, int from, int to, boolean afterSpecial, IntList out) {
    byte[] normal = normalizer.normalize(text, from, to);
    if (normal.length == 0) {
      return;
    }
    Lattice lattice = new Lattice(normal.length);
    for (int at = 0; at < normal.length; ) {
      int next = Math.min(normal.length, at + Utf8.sequenceLength(normal[at]));
      step(normal, at, next, lattice);
      at = next;
    }
    emit(lattice, normal.length, out);
  }

  private void step(byte[] text, int at, int next, Lattice lattice) {
    boolean[] single = new boolean[1];
    index.match(
        text,
        at,
        text.length,
        (token, length) -> {
          single[0] |= length == next - at;
          lattice.offer(at, at + length, token, scores[token]);
        });
    if (!single[0]) {
      lattice.offer(at, next, vocabulary().unknown(), unknownScore);
    }
  }

  /** Walks back along the best cut; neighbouring unknown characters are one token. */
  private void emit(Lattice lattice, int length, IntList out) {
    IntList reversed = new IntList();
    int unknown = vocabulary().unknown();
    boolean afterUnknown = false;
    for (int at = length; at > 0; at = lattice.start[at]) {
      boolean isUnknown = lattice.token[at] == unknown;
      if (!(isUnknown && (afterUnknown || unknown < 0))) {
        reversed.add(lattice.token[at]);
      }
      afterUnknown = isUnknown;
    }
    for (int i = reversed.size() - 1; i >= 0; i--) {
      out.add(reversed.get(i));
    }
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
    return spacePrefix;
  }
}
