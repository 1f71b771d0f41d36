package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * BERT's basic tokenizer (Devlin et al., 2018): drops control characters, separates punctuation and
 * Chinese characters, and, as the file says, lowers case and drops accents.
 */
record BertNormalizer(boolean lowerCase, boolean stripAccents) {

  static BertNormalizer of(GgufMetadata metadata) {
    boolean lowerCase = metadata.bool("tokenizer.ggml.normalizer.lowercase", true);
    return new BertNormalizer(
        lowerCase, metadata.bool("tokenizer.ggml.normalizer.strip_accents", lowerCase));
  }

  List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    text.codePoints().map(this::base).forEach(c -> add(c, word, words));
    finish(word, words);
    return words;
  }

  private void add(int c, StringBuilder word, List<String> words) {
    if (isAlone(c)) {
      finish(word, words);
      words.add(Character.toString(c));
    } else if (isSpace(c)) {
      finish(word, words);
    } else if (!isDropped(c)) {
      word.appendCodePoint(lowerCase ? Character.toLowerCase(c) : c);
    }
  }

  /**
   * A character without its accents: the first of its canonical decomposition. Marks that stand in
   * the text as characters of their own stay, as in llama.cpp, whose ids the golden data holds.
   */
  private int base(int c) {
    return stripAccents && c >= 0x80
        ? Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD).codePointAt(0)
        : c;
  }

  private static void finish(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static boolean isDropped(int c) {
    return c == 0 || c == 0xfffd || isControl(Character.getType(c));
  }

  private static boolean isControl(int type) {
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE;
  }

  private static boolean isSpace(int c) {
    return c >= '\t' && c <= '\r' || c == 0x85 || Character.isSpaceChar(c);
  }

  /** Whether a character is a word of its own. */
  private static boolean isAlone(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL -> c < 0x7f;
      default -> isChinese(c);
    };
  }

  private static boolean isChinese(int c) {
    return c >= 0x4e00 && c <= 0x9fff
        || c >= 0x3400 && c <= 0x4dbf
        || c >= 0x20000 && c <= 0x2a6df
        || c >= 0x2a700 && c <= 0x2b81f
        // The makers' code begins this range 0x100 late, and models were trained with it.
        || c >= 0x2b920 && c <= 0x2ceaf
        || c >= 0xf900 && c <= 0xfaff
        || c >= 0x2f800 && c <= 0x2fa1f;
  }
}
