package dev.thermocline.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * What all kinds of tokenizers share: special tokens are cut out of a text first, the kind encodes
 * what lies between them. The rules around special tokens are llama.cpp's.
 */
abstract sealed class VocabularyTokenizer implements Tokenizer
    permits SentencePieceTokenizer, BytePairTokenizer, WordPieceTokenizer, UnigramTokenizer {
  private final Vocabulary vocabulary;
  private final SpecialTokens specialTokens;
  private final int first;
  private final int last;

  /**
   * Sets a tokenizer up.
   *
   * @param first token that comes before every text, or -1
   * @param last token that comes after every text, or -1
   */
  VocabularyTokenizer(Vocabulary vocabulary, StripRules strip, int first, int last) {
    this.vocabulary = vocabulary;
    this.specialTokens = new SpecialTokens(vocabulary, strip);
    this.first = first;
    this.last = last;
  }

  /**
   * Encodes {@code text[from, to)}, which holds no special token.
   *
   * @param afterSpecial whether it begins the text or follows a special token
   */
  abstract void encode(byte[] text, int from, int to, boolean afterSpecial, IntList out);

  @Override
  public final int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial) {
    IntList out = new IntList();
    if (addSpecial && first >= 0) {
      out.add(first);
    }
    encode(utf8, parseSpecial, new BitSet(), out);
    if (addSpecial && last >= 0) {
      out.add(last);
    }
    return out.toArray();
  }

  @Override
  public final int[] encode(PromptText prompt, boolean addSpecial) {
    IntList out = new IntList();
    encode(prompt.utf8(), true, prompt.foreignBytes(), out);
    boolean add = addSpecial && addsBos() && (out.size() == 0 || out.get(0) != bos());
    if (!add) {
      return out.toArray();
    }
    IntList begun = new IntList();
    begun.add(bos());
    for (int i = 0; i < out.size(); i++) {
      begun.add(out.get(i));
    }
    return begun.toArray();
  }

  private void encode(byte[] utf8, boolean parseSpecial, BitSet foreign, IntList out) {
    boolean afterSpecial = true;
    for (SpecialTokens.Fragment fragment : specialTokens.split(utf8, parseSpecial, foreign)) {
      if (fragment.token() >= 0) {
        out.add(fragment.token());
        afterSpecial = true;
      } else {
        encode(utf8, fragment.from(), fragment.to(), afterSpecial, out);
        afterSpecial = false;
      }
    }
  }

  final Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The text of a token with U+2581 turned into spaces. */
  final byte[] unescaped(int token) {
    String text = vocabulary.text(token);
    return text.indexOf('\u2581') < 0
        ? vocabulary.pieces().piece(token)
        : text.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
  }

  /** Value of a token named {@code <0xNN>}, or 0 where it is named otherwise. */
  final byte byteValue(int token) {
    String text = vocabulary.text(token);
    return text.matches("<0x[0-9A-Fa-f]{2}>") ? (byte) Integer.parseInt(text, 3, 5, 16) : 0;
  }

  @Override
  public final int size() {
    return vocabulary.size();
  }

  @Override
  public final String text(int token) {
    return vocabulary.text(token);
  }

  @Override
  public final TokenType type(int token) {
    return vocabulary.type(token);
  }

  @Override
  public final int bos() {
    return vocabulary.bos();
  }

  @Override
  public final int eos() {
    return vocabulary.eos();
  }

  @Override
  public final boolean addsBos() {
    return first >= 0;
  }

  @Override
  public final boolean isEndOfGeneration(int token) {
    return vocabulary.isEndOfGeneration(token);
  }
}
