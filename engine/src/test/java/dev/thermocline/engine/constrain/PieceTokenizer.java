package dev.thermocline.engine.constrain;

import dev.thermocline.models.tokenizer.PromptText;
import dev.thermocline.models.tokenizer.TokenType;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A vocabulary of given pieces; the first token ends a text, the second is another control token.
 */
public final class PieceTokenizer implements Tokenizer {
  public static final int END = 0;
  public static final int CONTROL = 1;

  private final List<byte[]> pieces = new ArrayList<>();

  private PieceTokenizer() {
    pieces.add("<end>".getBytes(StandardCharsets.UTF_8));
    pieces.add("<control>".getBytes(StandardCharsets.UTF_8));
  }

  public static PieceTokenizer of(List<String> texts) {
    PieceTokenizer made = new PieceTokenizer();
    texts.forEach(text -> made.pieces.add(text.getBytes(StandardCharsets.UTF_8)));
    return made;
  }

  /** All single bytes, token {@code 2 + b}, and texts after them. */
  public static PieceTokenizer bytesAnd(List<String> texts) {
    PieceTokenizer made = new PieceTokenizer();
    for (int b = 0; b < 256; b++) {
      made.pieces.add(new byte[] {(byte) b});
    }
    texts.forEach(text -> made.pieces.add(text.getBytes(StandardCharsets.UTF_8)));
    return made;
  }

  /** All single bytes and random words over an alphabet, some of them twice. */
  public static PieceTokenizer random(SplittableRandom random, String alphabet, int words) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(1, 6); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      texts.add(text.toString());
    }
    return bytesAnd(texts);
  }

  @Override
  public int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int[] encode(PromptText prompt, boolean addSpecial) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] piece(int token, boolean renderSpecial) {
    return token < 2 && !renderSpecial ? new byte[0] : pieces.get(token).clone();
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
    return token < 2 ? TokenType.CONTROL : TokenType.NORMAL;
  }

  @Override
  public int bos() {
    return -1;
  }

  @Override
  public int eos() {
    return END;
  }

  @Override
  public boolean addsBos() {
    return false;
  }

  @Override
  public boolean isEndOfGeneration(int token) {
    return token == END;
  }
}
