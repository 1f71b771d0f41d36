package dev.thermocline.models.tokenizer;

/** Kind of a token; the ordinal is its number in {@code tokenizer.ggml.token_type}. */
public enum TokenType {
  UNDEFINED,
  NORMAL,
  /** Stands for text that the vocabulary cannot express. */
  UNKNOWN,
  /** Structure such as beginning and end of a text; never produced from plain text. */
  CONTROL,
  /** Always one token, wherever its text occurs. */
  USER_DEFINED,
  UNUSED,
  /** One byte, named {@code <0xNN>}. */
  BYTE
}
