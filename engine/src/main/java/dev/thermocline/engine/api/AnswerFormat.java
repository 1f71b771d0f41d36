package dev.thermocline.engine.api;

/**
 * What an answer must look like. All but {@link FreeText} are enforced while tokens are drawn: what
 * the model says is valid at any temperature, unless the token limit cuts it off.
 *
 * @since 0.1
 */
public sealed interface AnswerFormat {

  /** Anything. */
  record FreeText() implements AnswerFormat {}

  /** Any JSON object. */
  record JsonObject() implements AnswerFormat {}

  /**
   * JSON that is valid by a schema.
   *
   * @param schema JSON Schema, draft 2020-12
   */
  record JsonSchema(String schema) implements AnswerFormat {}

  /**
   * Text that a regular expression matches from its first character to its last.
   *
   * @param pattern without back references and look-around
   */
  record Regex(String pattern) implements AnswerFormat {}

  /**
   * Text of a grammar.
   *
   * @param grammar in llama.cpp's GBNF
   */
  record Gbnf(String grammar) implements AnswerFormat {}
}
