package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Which special tokens take the white space beside them along. Files do not say so; as llama.cpp
 * does, models are known by their names.
 *
 * @param before tokens that swallow the white space before them
 * @param after tokens that swallow the white space after them
 */
record StripRules(BitSet before, BitSet after) {

  static StripRules of(GgufMetadata metadata, Vocabulary vocabulary) {
    StripRules rules = new StripRules(new BitSet(), new BitSet());
    String name = metadata.string("general.name", "").toLowerCase(Locale.ROOT);
    String pre = metadata.string("tokenizer.ggml.pre", "");
    String architecture = metadata.string("general.architecture", "");
    if (pre.contains("jina-v2-")
        || architecture.contains("nomic-bert-moe")
        || architecture.contains("jina-bert-v3")) {
      set(vocabulary, rules.before, "<mask>", true);
    } else if (name.contains("phi-3") || name.contains("phi3")) {
      rules.addPhi3(vocabulary);
    } else if (name.contains("modern-bert")) {
      set(vocabulary, rules.before, "[MASK]", true);
    }
    return rules;
  }

  private void addPhi3(Vocabulary vocabulary) {
    for (int i = 0; i < vocabulary.size(); i++) {
      after.set(i, SpecialTokens.isSpecial(vocabulary.type(i)));
    }
    set(vocabulary, after, "</s>", true);
    for (String text : List.of("<unk>", "<s>", "<|endoftext|>")) {
      set(vocabulary, after, text, false);
    }
  }

  private static void set(Vocabulary vocabulary, BitSet tokens, String text, boolean member) {
    int token = vocabulary.pieces().find(text);
    if (token >= 0) {
      tokens.set(token, member);
    }
  }
}
