package dev.thermocline.bench.engine;

import dev.thermocline.models.tokenizer.PromptText;
import dev.thermocline.models.tokenizer.TokenType;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A vocabulary shaped like those of byte-level BPE: all bytes, numbers, punctuation as code and
 * JSON have it, runs of white space, words with and without a space before them, other scripts.
 * Token 0 ends a text. Only what masks need is there.
 */
final class SyntheticVocabulary implements Tokenizer {
  private static final String PUNCTUATION = "\"{}[]:,.;()<>=/\\-_*#'!?&|";
  private final List<byte[]> pieces = new ArrayList<>();

  SyntheticVocabulary(int size) {
    SplittableRandom random = new SplittableRandom(7);
    pieces.add(new byte[0]);
    for (int b = 0; b < 256; b++) {
      pieces.add(new byte[] {(byte) b});
    }
    Set<String> texts = new LinkedHashSet<>();
    for (int i = 0; i < 1000; i++) {
      texts.add(String.valueOf(i));
    }
    for (int i = 2; i < 80; i++) {
      texts.add(" ".repeat(i));
      texts.add("\n" + " ".repeat(i));
    }
    while (texts.size() < size - pieces.size()) {
      texts.add(text(random));
    }
    texts.forEach(text -> pieces.add(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(SplittableRandom random) {
    int kind = random.nextInt(20);
    if (kind < 2) {
      return random(random, PUNCTUATION, random.nextInt(2, 6));
    }
    if (kind == 2) {
      return random(random, "\u4e00\u4e8c\u5927\u5b66\u6c34\u043b\u043e\u0440\u00e9\u00fc", 3);
    }
    String word = random(random, "etaoinshrdlucmfwypvbgkjqxz", random.nextInt(2, 10));
    return (kind < 12 ? " " : "") + (kind == 3 ? word.toUpperCase(java.util.Locale.ROOT) : word);
  }

  private static String random(SplittableRandom random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Override
  public int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial) {
    throw new UnsupportedOperationException("masks encode nothing");
  }

  @Override
  public int[] encode(PromptText prompt, boolean addSpecial) {
    throw new UnsupportedOperationException("masks encode nothing");
  }

  @Override
  public byte[] piece(int token, boolean renderSpecial) {
    return pieces.get(token).clone();
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }

  @Override
  public int size() {
    return pieces.size();
  }

  @Override
  public String text(int token) {
    return new String(pieces.get(token), StandardCharsets.UTF_8);
  }

  @Override
  public TokenType type(int token) {
    return token == 0 ? TokenType.CONTROL : TokenType.NORMAL;
  }

  @Override
  public int bos() {
    return -1;
  }

  @Override
  public int eos() {
    return 0;
  }

  @Override
  public boolean addsBos() {
    return false;
  }

  @Override
  public boolean isEndOfGeneration(int token) {
    return token == 0;
  }
}
