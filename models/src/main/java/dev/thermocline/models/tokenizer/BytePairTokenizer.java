package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Byte-level byte-pair encoding (Radford et al., 2019): text is cut into words by the model's
 * pre-tokenizer, words are spelled in {@link ByteAlphabet}, neighbours merge in the order of the
 * merge list. Without the alphabet (Gemma 4) spaces become U+2581 as in SentencePiece.
 */
final class BytePairTokenizer extends VocabularyTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  private final PieceTable pieces;
  private final MergeTable merges;
  private final PreTokenizer preTokenizer;
  private final boolean spacePrefix;
  private final int[] byteTokens = new int[256];

  /**
   * Reads the tables.
   *
   * @param pre name of the pre-tokenizer
   */
  static BytePairTokenizer of(GgufMetadata metadata, String pre) {
    PreTokenizer preTokenizer = PreTokenizers.of(pre);
    int noName = pre.equals("gemma4") ? -1 : 11;
    boolean glm = pre.equals("glm4") || pre.equals("chatglm-bpe");
    Vocabulary vocabulary = new Vocabulary(metadata, glm ? -1 : noName, noName, -1);
    boolean addBos =
        metadata.bool(PREFIX + "add_bos_token", preTokenizer.addBos()) || pre.equals("gemma4");
    boolean addEos = metadata.bool(PREFIX + "add_eos_token", false);
    return new BytePairTokenizer(
        metadata,
        vocabulary,
        preTokenizer,
        addBos ? vocabulary.bos() : -1,
        addEos ? vocabulary.eos() : -1);
  }

  private BytePairTokenizer(
      GgufMetadata metadata,
      Vocabulary vocabulary,
      PreTokenizer preTokenizer,
      int first,
      int last) {
    super(vocabulary, StripRules.of(metadata, vocabulary), first, last);
    this.preTokenizer = preTokenizer;
    pieces = vocabulary.pieces();
    merges = new MergeTable(metadata.array(PREFIX + "merges"));
    spacePrefix = metadata.bool(PREFIX + "add_space_prefix", false);
    for (int b = 0; b < 256; b++) {
      byteTokens[b] =
          preTokenizer.bytes()
              ? pieces.find(new byte[] {(byte) b}, 0, 1)
              : pieces.find(String.format(Locale.ROOT, "<0x%02X>", b));
    }
  }

  @Override
  void encode(byte[] text, int from, int to, boolean afterSpecial, IntList out) {
    byte[] escaped = preTokenizer.bytes() ? text : SpaceEscape.escape(text, from, to, false);
    String characters =
        preTokenizer.bytes()
            ? new String(text, from, to - from, StandardCharsets.UTF_8)
            : new String(escaped, StandardCharsets.UTF_8);
    byte[] utf8 = characters.getBytes(StandardCharsets.UTF_8);
    IntList ends = preTokenizer.split(characters);
    PairMerger merger = new PairMerger(this::priority);
    byte[] word = new byte[0];
    int character = 0;
    int at = 0;
    for (int i = 0; i < ends.size(); i++) {
      int end = at + Utf8.length(characters, character, ends.get(i));
      word = word.length < 2 * (end - at) ? new byte[4 * (end - at)] : word;
      encodeWord(word, spell(utf8, at, end, word), merger, out);
      at = end;
      character = ends.get(i);
    }
  }

  private int spell(byte[] utf8, int from, int to, byte[] word) {
    if (preTokenizer.bytes()) {
      return ByteAlphabet.encode(utf8, from, to, word);
    }
    System.arraycopy(utf8, from, word, 0, to - from);
    return to - from;
  }

  private void encodeWord(byte[] word, int length, PairMerger merger, IntList out) {
    boolean lineEnds = !preTokenizer.bytes() && length > 0 && word[0] == '\n';
    int whole = preTokenizer.ignoreMerges() || lineEnds ? pieces.find(word, 0, length) : -1;
    if (whole >= 0) {
      out.add(whole);
    } else {
      merger.merge(word, length, this::emit, out);
    }
  }

  private double priority(byte[] text, int from, int middle, int to) {
    int rank = merges.rank(text, from, middle, to);
    return rank < 0 ? Double.NaN : -rank;
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
      case BYTE -> new byte[] {byteValue(token)};
      case NORMAL -> preTokenizer.bytes() ? ByteAlphabet.decode(text(token)) : unescaped(token);
      case UNDEFINED, UNUSED -> new byte[0];
    };
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix;
  }
}
