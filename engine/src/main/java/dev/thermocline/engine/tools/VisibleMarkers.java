package dev.thermocline.engine.tools;

import dev.thermocline.models.tokenizer.PromptText;
import dev.thermocline.models.tokenizer.TokenType;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.util.Set;

/**
 * A tokenizer that renders, of all control tokens, those that {@link OutputParser} looks for. Some
 * vocabularies have them as control tokens, which a text does not show otherwise.
 */
public final class VisibleMarkers implements Tokenizer {
  private static final Set<String> MARKERS =
      Set.of(
          Thinking.START,
          Thinking.END,
          ToolFormat.HERMES.opening(),
          ToolFormat.HERMES.closing(),
          ToolFormat.LLAMA.opening(),
          ToolFormat.MISTRAL.opening());

  private final Tokenizer tokenizer;

  /** Shows markers of another tokenizer. */
  public VisibleMarkers(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public byte[] piece(int token, boolean renderSpecial) {
    boolean shown =
        tokenizer.type(token) == TokenType.CONTROL
            && !tokenizer.isEndOfGeneration(token)
            && MARKERS.contains(tokenizer.text(token));
    return tokenizer.piece(token, renderSpecial || shown);
  }

  @Override
  public int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial) {
    return tokenizer.encode(utf8, parseSpecial, addSpecial);
  }

  @Override
  public int[] encode(PromptText prompt, boolean addSpecial) {
    return tokenizer.encode(prompt, addSpecial);
  }

  @Override
  public boolean addsSpacePrefix() {
    return tokenizer.addsSpacePrefix();
  }

  @Override
  public int size() {
    return tokenizer.size();
  }

  @Override
  public String text(int token) {
    return tokenizer.text(token);
  }

  @Override
  public TokenType type(int token) {
    return tokenizer.type(token);
  }

  @Override
  public int bos() {
    return tokenizer.bos();
  }

  @Override
  public int eos() {
    return tokenizer.eos();
  }

  @Override
  public boolean addsBos() {
    return tokenizer.addsBos();
  }

  @Override
  public boolean isEndOfGeneration(int token) {
    return tokenizer.isEndOfGeneration(token);
  }
}
