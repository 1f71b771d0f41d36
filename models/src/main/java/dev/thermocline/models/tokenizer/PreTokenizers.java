package dev.thermocline.models.tokenizer;

import dev.thermocline.models.UnsupportedModelException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The pre-tokenizers by the names that {@code tokenizer.ggml.pre} uses. */
final class PreTokenizers {
  // Patterns are compiled for the one that a file names.
  private static final Map<String, Supplier<PreTokenizer>> BY_NAME = new HashMap<>();

  static {
    register(PreTokenizers::gpt2, "gpt-2 phi-2 mpt olmo jais trillion granite-docling exaone4");
    register(PreTokenizers::gpt2, "gigachat a.x-4.0 mellum modern-bert jina-es jina-de");
    register(PreTokenizers::gpt2, "jina-v2-es jina-v2-de jina-v1-en jina-v2-code roberta-bpe");
    register(PreTokenizers::plainDefault, "default");
    register(PreTokenizers::llama3, "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral");
    register(PreTokenizers::llama3, "midm-2.0 lfm2 jina-v5-nano");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.LLAMA3), "dbrx smaug-bpe");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.LLAMA3), "glm4 chatglm-bpe");
    register(PreTokenizers::starcoder, "starcoder refact command-r smollm codeshell exaone");
    register(PreTokenizers::starcoder, "minerva-7b mellum2");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.QWEN2), "qwen2 stablelm2 hunyuan");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.QWEN2), "deepseek-r1-qwen kormo f2llmv2");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.QWEN2), "megrez grok-2 solar-open");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.QWEN35), "qwen35");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.NO_CONTRACTIONS), "ufakzeka");
    register(PreTokenizers::deepseekLlm, "deepseek-llm");
    register(PreTokenizers::deepseekCoder, "deepseek-coder");
    register(PreTokenizers::deepseek3, "deepseek-v3 hunyuan-dense joyai-llm hy_v4");
    register(PreTokenizers::spark, "spark2_5");
    register(PreTokenizers::youtu, "youtu");
    register(PreTokenizers::falcon, "falcon");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.BLOOM), "bloom poro-chat gpt3-finnish");
    register(PreTokenizers::viking, "viking");
    register(PreTokenizers::tekken, "tekken");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.GPT4O), "gpt-4o llama4 kanana2 talkie");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.GPT4O), "minimax-m2");
    register(
        () -> PreTokenizer.of(PreTokenizerPatterns.GPT4O).ignoringMerges(),
        "granite-embed-multi-97m");
    register(PreTokenizers::tinyAya, "tiny_aya cohere2moe");
    register(PreTokenizers::superBpe, "superbpe");
    register(PreTokenizers::afmoe, "afmoe");
    register(PreTokenizers::chameleon, "chameleon");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.KIMI_K2), "kimi-k2");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.BAILING), "bailingmoe bailingmoe2");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.BAILING), "llada-moe");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.SEED_CODER), "seed-coder");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.EXAONE_MOE), "exaone-moe");
    register(() -> PreTokenizer.of(PreTokenizerPatterns.JAIS2), "jais-2");
    register(PreTokenizers::minicpm5, "minicpm5");
    register(PreTokenizers::laguna, "laguna");
    register(PreTokenizers::lines, "gemma4 granite-embed-multi-311m sarvam-moe");
  }

  private PreTokenizers() {}

  private static void register(Supplier<PreTokenizer> rule, String names) {
    Arrays.stream(names.split(" ", -1)).forEach(name -> BY_NAME.put(name, rule));
  }

  /**
   * The pre-tokenizer of a name.
   *
   * @throws UnsupportedModelException if it is unknown: any other would split words differently
   */
  static PreTokenizer of(String name) {
    Supplier<PreTokenizer> rule = BY_NAME.get(name);
    if (rule == null) {
      throw new UnsupportedModelException(
          "pre-tokenizer '" + name + "' is not known; known are " + names());
    }
    return rule.get();
  }

  /** All names. */
  static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  private static PreTokenizer gpt2() {
    return PreTokenizer.of(PreTokenizerPatterns.GPT2);
  }

  private static PreTokenizer llama3() {
    return PreTokenizer.of(PreTokenizerPatterns.LLAMA3).ignoringMerges().addingBos();
  }

  private static PreTokenizer tekken() {
    return PreTokenizer.of(PreTokenizerPatterns.TEKKEN).ignoringMerges().addingBos();
  }

  private static PreTokenizer starcoder() {
    return PreTokenizer.of(PreTokenizerPatterns.DIGIT, PreTokenizerPatterns.GPT2);
  }

  private static PreTokenizer plainDefault() {
    return PreTokenizer.of(
        PreTokenizerPatterns.DEFAULT_PUNCTUATION,
        PreTokenizerPatterns.GPT2,
        PreTokenizerPatterns.DIGITS,
        PreTokenizerPatterns.THREE_ASCII_DIGITS);
  }

  private static PreTokenizer falcon() {
    return PreTokenizer.of(
        PreTokenizerPatterns.FALCON_PUNCTUATION,
        PreTokenizerPatterns.GPT2,
        PreTokenizerPatterns.THREE_ASCII_DIGITS);
  }

  private static PreTokenizer deepseekLlm() {
    return PreTokenizer.of(
        PreTokenizerPatterns.LINE_END,
        PreTokenizerPatterns.DEEPSEEK_LETTERS,
        PreTokenizerPatterns.DEEPSEEK_PUNCTUATION,
        PreTokenizerPatterns.TRAILING_SPACE,
        PreTokenizerPatterns.DEEPSEEK_CJK,
        PreTokenizerPatterns.DIGITS);
  }

  private static PreTokenizer deepseekCoder() {
    return PreTokenizer.of(
        PreTokenizerPatterns.LINE_END,
        PreTokenizerPatterns.CODER_LETTERS,
        PreTokenizerPatterns.CODER_PUNCTUATION,
        PreTokenizerPatterns.DEEPSEEK_CJK,
        PreTokenizerPatterns.DIGIT);
  }

  private static PreTokenizer deepseek3() {
    return PreTokenizer.of(
        PreTokenizerPatterns.UP_TO_THREE_DIGITS,
        PreTokenizerPatterns.CJK_RUN,
        PreTokenizerPatterns.DEEPSEEK3_WORDS);
  }

  private static PreTokenizer spark() {
    return PreTokenizer.of(
        PreTokenizerPatterns.UP_TO_THREE_DIGITS,
        PreTokenizerPatterns.CJK_RUN,
        PreTokenizerPatterns.SPARK_WORDS,
        PreTokenizerPatterns.DIGIT);
  }

  private static PreTokenizer youtu() {
    return PreTokenizer.of(PreTokenizerPatterns.YOUTU_SCRIPTS, PreTokenizerPatterns.YOUTU)
        .ignoringMerges();
  }

  private static PreTokenizer viking() {
    return PreTokenizer.of(PreTokenizerPatterns.BLOOM, PreTokenizerPatterns.DIGIT);
  }

  private static PreTokenizer tinyAya() {
    return PreTokenizer.of(
        List.of(Splitter.thousands(true), Splitter.matches(PreTokenizerPatterns.GPT4O)));
  }

  private static PreTokenizer superBpe() {
    return PreTokenizer.of(List.of(Splitter.thousands(false)));
  }

  private static PreTokenizer afmoe() {
    return PreTokenizer.of(
        List.of(
            Splitter.thousands(false),
            Splitter.matches(PreTokenizerPatterns.AFMOE_SCRIPTS),
            Splitter.matches(PreTokenizerPatterns.DEEPSEEK3_WORDS)));
  }

  private static PreTokenizer chameleon() {
    return PreTokenizer.of(
            "<sentinel:[0-9]+>",
            "IMGIMG[A-I]{1,4}Z",
            "[\\t\\n]|    |  ",
            PreTokenizerPatterns.DIGIT,
            "[\\p{P}!-/:-@\\[-`{-~]",
            PreTokenizerPatterns.GPT2)
        .addingBos();
  }

  private static PreTokenizer minicpm5() {
    return PreTokenizer.of(PreTokenizerPatterns.UP_TO_THREE_DIGITS, PreTokenizerPatterns.ALL_DIGITS)
        .ignoringMerges();
  }

  private static PreTokenizer laguna() {
    return PreTokenizer.of(PreTokenizerPatterns.LINES, PreTokenizerPatterns.QWEN2);
  }

  private static PreTokenizer lines() {
    return PreTokenizer.of(PreTokenizerPatterns.LINES).withoutBytes();
  }
}
