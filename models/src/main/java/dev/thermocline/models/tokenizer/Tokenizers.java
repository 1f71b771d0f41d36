package dev.thermocline.models.tokenizer;

import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufMetadata;

/** Builds the tokenizer that a file describes. */
public final class Tokenizers {
  private static final String MODEL = "tokenizer.ggml.model";

  private Tokenizers() {}

  /**
   * The tokenizer of a file, which may hold nothing but a vocabulary.
   *
   * @throws UnsupportedModelException if there is none, or its kind is not supported
   * @throws dev.thermocline.models.gguf.GgufFormatException if its tables are damaged
   */
  public static Tokenizer of(GgufMetadata metadata) {
    if (!metadata.contains(MODEL)) {
      throw new UnsupportedModelException("tokenizer: the file has none (no key " + MODEL + ")");
    }
    String model = metadata.string(MODEL);
    String pre = metadata.string("tokenizer.ggml.pre", "default");
    return switch (model) {
      case "llama" -> SentencePieceTokenizer.of(metadata);
      case "gpt2" -> BytePairTokenizer.of(metadata, pre);
      case "gemma4" -> BytePairTokenizer.of(metadata, "gemma4");
      case "bert" -> WordPieceTokenizer.of(metadata);
      case "t5" -> UnigramTokenizer.of(metadata);
      default ->
          throw new UnsupportedModelException(
              "tokenizer '"
                  + model
                  + "' is not known; known are llama (SentencePiece BPE), gpt2 and gemma4"
                  + " (byte-pair encoding), t5 (unigram), bert (WordPiece)");
    };
  }
}
