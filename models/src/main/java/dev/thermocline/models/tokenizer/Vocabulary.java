package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufArray;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Objects;
import java.util.Set;

/** The tables that all kinds of tokenizers share, under {@code tokenizer.ggml.}. */
final class Vocabulary {
  private static final String PREFIX = "tokenizer.ggml.";

  /** Tokens that end a turn or a text in models whose files do not say so. */
  private static final Set<String> END_TEXTS =
      Set.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|calls|>",
          "<|flush|>",
          "<end_of_turn>",
          "<turn|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<|eom_id|>",
          // After these a model of code begins another file.
          "<|fim_pad|>",
          "<fim_pad>",
          "<fim-pad>",
          "<PAD>",
          "<|fim_repo|>",
          "<fim-repo>",
          "<|repo_name|>",
          "<reponame>",
          "<REPO>",
          "<|file_sep|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "[e~[",
          "<\uff5cend\u2581of\u2581sentence\uff5c>");

  /** Tokens of fill-in-the-middle, which some files call ordinary words. */
  private static final Set<String> CODE_TEXTS =
      Set.of(
          "<|fim_prefix|>",
          "<|fim_suffix|>",
          "<|fim_middle|>",
          "<|code_prefix|>",
          "<|code_suffix|>",
          "<|code_middle|>",
          "<PRE>",
          "<SUF>",
          "<MID>",
          "\u2581<PRE>",
          "\u2581<SUF>",
          "\u2581<MID>",
          "<fim_prefix>",
          "<fim_suffix>",
          "<fim_middle>",
          "<fim-prefix>",
          "<fim-suffix>",
          "<fim-middle>",
          "<\uff5cfim\u2581begin\uff5c>",
          "<\uff5cfim\u2581hole\uff5c>",
          "<\uff5cfim\u2581end\uff5c>");

  private final PieceTable pieces;
  private final TokenType[] types;
  private final BitSet ends = new BitSet();
  private final int bos;
  private final int eos;
  private final int unknown;

  /** Reads the tables; the three ids are those of a file that does not name them. */
  Vocabulary(GgufMetadata metadata, int defaultBos, int defaultEos, int defaultUnknown) {
    GgufArray texts = metadata.array(PREFIX + "tokens");
    pieces = new PieceTable(texts);
    types = types(metadata, texts.size());
    bos = id(metadata, "bos_token_id", defaultBos);
    eos = id(metadata, "eos_token_id", defaultEos);
    unknown = id(metadata, "unknown_token_id", defaultUnknown);
    markEnds(metadata);
  }

  private static TokenType[] types(GgufMetadata metadata, int size) {
    TokenType[] types = new TokenType[size];
    java.util.Arrays.fill(types, TokenType.NORMAL);
    String key = PREFIX + "token_type";
    if (metadata.contains(key)) {
      TokenType[] all = TokenType.values();
      GgufArray numbers = sized(metadata, key, size);
      for (int i = 0; i < size; i++) {
        long number = numbers.integer(i);
        types[i] = number >= 0 && number < all.length ? all[(int) number] : TokenType.UNDEFINED;
      }
    }
    return types;
  }

  /** The array of a key, which must have one element for every token. */
  static GgufArray sized(GgufMetadata metadata, String key, int size) {
    GgufArray array = metadata.array(key);
    if (array.size() != size) {
      throw new GgufFormatException(
          key, -1, "expected one element for each of " + size + " tokens, found " + array.size());
    }
    return array;
  }

  /** The token that a key names, {@code fallback} where it is absent, or -1 for none. */
  int id(GgufMetadata metadata, String name, int fallback) {
    long id = metadata.integer(PREFIX + name, fallback);
    // Files state 2^32 - 1 (llama.cpp's null token) or an id past the table for "none".
    return id >= 0 && id < size() ? (int) id : -1;
  }

  private void markEnds(GgufMetadata metadata) {
    for (String name : new String[] {"eos_token_id", "eot_token_id", "eom_token_id"}) {
      int id = id(metadata, name, name.equals("eos_token_id") ? eos : -1);
      if (id >= 0) {
        ends.set(id);
      }
    }
    for (String text : END_TEXTS) {
      int token = control(text);
      if (token >= 0) {
        ends.set(token);
      }
    }
    for (String text : CODE_TEXTS) {
      control(text);
    }
    unmarkHarmony();
  }

  /** Makes a token that looks like structure a control token, whatever the file calls it. */
  private int control(String text) {
    int token = pieces.find(text);
    if (token >= 0) {
      types[token] = TokenType.CONTROL;
    }
    return token;
  }

  /** In formats with {@code <|return|>} and {@code <|call|>}, {@code <|end|>} ends a part only. */
  private void unmarkHarmony() {
    int end = pieces.find("<|end|>");
    boolean call = pieces.find("<|call|>") >= 0 || pieces.find("<|calls|>") >= 0;
    boolean last = pieces.find("<|return|>") >= 0 || pieces.find("<|flush|>") >= 0;
    if (end >= 0 && call && last) {
      ends.clear(end);
    }
  }

  PieceTable pieces() {
    return pieces;
  }

  int size() {
    return types.length;
  }

  TokenType type(int token) {
    return types[Objects.checkIndex(token, types.length)];
  }

  String text(int token) {
    Objects.checkIndex(token, types.length);
    return new String(pieces.piece(token), StandardCharsets.UTF_8);
  }

  int bos() {
    return bos;
  }

  int eos() {
    return eos;
  }

  int unknown() {
    return unknown;
  }

  boolean isEndOfGeneration(int token) {
    return ends.get(Objects.checkIndex(token, types.length));
  }
}
