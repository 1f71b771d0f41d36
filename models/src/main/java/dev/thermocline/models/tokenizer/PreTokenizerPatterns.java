package dev.thermocline.models.tokenizer;

/**
 * The patterns that models' makers publish in their {@code tokenizer.json} (where llama.cpp
 * replaces one by another of a different meaning, the makers' is kept; where only llama.cpp states
 * one, its is). Written so that no alternative backtracks more than once over a run of characters,
 * and so that no group repeats on the stack.
 */
final class PreTokenizerPatterns {
  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String SYMBOLS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
  private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String CJK = "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+";
  private static final String PUNCTUATED =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  static final String LLAMA3 = CONTRACTION + "|" + WORD + "|\\p{N}{1,3}" + SYMBOLS + SPACES;
  static final String QWEN2 = CONTRACTION + "|" + WORD + "|\\p{N}" + SYMBOLS + SPACES;
  static final String ALL_DIGITS = CONTRACTION + "|" + WORD + "|\\p{N}+" + SYMBOLS + SPACES;
  static final String NO_CONTRACTIONS = WORD + "|\\p{N}" + SYMBOLS + SPACES;
  static final String QWEN35 =
      CONTRACTION
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
          + SPACES;
  static final String SEED_CODER =
      CONTRACTION + "|" + WORD + "|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+" + SPACES;
  static final String BAILING =
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
          + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+";
  static final String EXAONE_MOE =
      CONTRACTION
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}(?:[\\p{L}\\p{M}]| (?=\\p{L}))*+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+";
  static final String JAIS2 =
      CONTRACTION
          + "|"
          + WORD
          + "|\\p{N}{1,3}"
          + SYMBOLS
          + "|\\s*[\\r\\n]+|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)"
          + "|\\s{32}(?!\\S)|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s";
  static final String TEKKEN = cased("", "") + "|\\p{N}" + slashed();
  static final String GPT4O = cased("", CONTRACTION + "?") + "|\\p{N}{1,3}" + slashed();
  static final String YOUTU = cased("", CONTRACTION + "?") + "|\\p{N}" + slashed();
  static final String KIMI_K2 =
      "\\p{IsHan}+|"
          + cased("&&[^\\p{IsHan}]", CONTRACTION + "?")
          + "|\\p{N}{1,3}"
          + SYMBOLS
          + SPACES;

  static final String DIGIT = "\\p{N}";
  static final String DIGITS = "\\p{N}+";
  static final String UP_TO_THREE_DIGITS = "\\p{N}{1,3}";
  static final String THREE_ASCII_DIGITS = "[0-9][0-9][0-9]";
  static final String LINES = "[^\\n]+|[\\n]+";
  static final String LINE_END = "[\\r\\n]";
  static final String FALCON_PUNCTUATION = "[\\p{P}$+<=>^~|`]+";
  static final String DEFAULT_PUNCTUATION = "[\\p{P}$+<=>^~|]+";
  static final String BLOOM =
      " ?[^(\\s|.,!?\\x{2026}\\x{3002}\\x{FF0C}\\x{3001}\\x{964}\\x{6D4}\\x{60C})]+";

  static final String DEEPSEEK3_WORDS = PUNCTUATED + "[\\r\\n]*" + SPACES;
  static final String SPARK_WORDS = PUNCTUATED + "|[\\r\\n]|\\s+(?!\\S)|\\s+";
  static final String CJK_RUN = CJK;
  static final String CODER_LETTERS = "\\s?\\p{L}+";
  static final String CODER_PUNCTUATION = "\\s?\\p{P}+";
  static final String DEEPSEEK_CJK = "[\\x{4E00}-\\x{9FA5}\\x{800}-\\x{4E00}\\x{AC00}-\\x{D7FF}]+";
  // Only from the start of a run: elsewhere in one the rest would be looked at again and again.
  static final String TRAILING_SPACE = "(?<!\\s)\\s+\\z";
  static final String DEEPSEEK_PUNCTUATION =
      "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+";
  static final String YOUTU_SCRIPTS =
      "[\\x{AC00}-\\x{D7A3}\\x{3131}-\\x{318E}]+"
          + "|[\\x{FF01}\\x{2026}\\x{201C}\\x{201D}\\x{2018}\\x{2019}\\x{2014}\\x{FF1A}\\x{FF1B}"
          + "\\x{FF0C}\\x{3001}-\\x{303F}\\x{FE30}-\\x{FE4F}]+"
          + "|[\\x{3105}-\\x{312F}]+|"
          + CJK;
  static final String AFMOE_SCRIPTS =
      "[\\x{4E00}-\\x{9FFF}\\x{3400}-\\x{4DBF}\\x{F900}-\\x{FAFF}\\x{3040}-\\x{30FF}"
          + "\\x{FF65}-\\x{FF9F}\\x{2F00}-\\x{2FDF}\\x{E00}-\\x{E7F}\\x{E80}-\\x{EFF}"
          + "\\x{1780}-\\x{17FF}\\x{1000}-\\x{109F}\\x{AA60}-\\x{AA7F}\\x{A9E0}-\\x{A9FF}"
          + "\\x{AC00}-\\x{D7AF}\\x{1100}-\\x{11FF}]+";

  /** Letters of scripts with case, of the Unicode version that the model was made with. */
  static final String DEEPSEEK_LETTERS =
      "\\s?["
          + "A-Za-z\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}\\x{1BC}-\\x{1BF}"
          + "\\x{1C4}-\\x{293}\\x{295}-\\x{2AF}\\x{370}-\\x{373}\\x{376}\\x{377}"
          + "\\x{37B}-\\x{37D}\\x{37F}\\x{386}\\x{388}-\\x{38A}\\x{38C}\\x{38E}-\\x{3A1}"
          + "\\x{3A3}-\\x{3F5}\\x{3F7}-\\x{481}\\x{48A}-\\x{52F}\\x{531}-\\x{556}"
          + "\\x{10A0}-\\x{10C5}\\x{13A0}-\\x{13F5}\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}"
          + "\\x{1CBD}-\\x{1CBF}\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}\\x{1D79}-\\x{1D9A}"
          + "\\x{1E00}-\\x{1F15}\\x{1F18}-\\x{1F1D}\\x{1F20}-\\x{1F45}\\x{1F48}-\\x{1F4D}"
          + "\\x{1F50}-\\x{1F57}\\x{1F59}\\x{1F5B}\\x{1F5D}\\x{1F5F}-\\x{1F7D}"
          + "\\x{1F80}-\\x{1FB4}\\x{1FB6}-\\x{1FBC}\\x{1FBE}\\x{1FC2}-\\x{1FC4}"
          + "\\x{1FC6}-\\x{1FCC}\\x{1FD0}-\\x{1FD3}\\x{1FD6}-\\x{1FDB}\\x{1FE0}-\\x{1FEC}"
          + "\\x{1FF2}-\\x{1FF4}\\x{1FF6}-\\x{1FFC}\\x{2102}\\x{2107}\\x{210A}-\\x{2113}"
          + "\\x{2115}\\x{2119}-\\x{211D}\\x{2124}\\x{2126}\\x{2128}\\x{212A}-\\x{212D}"
          + "\\x{212F}-\\x{2134}\\x{2139}\\x{213C}-\\x{213F}\\x{2145}-\\x{2149}\\x{214E}"
          + "\\x{2183}\\x{2184}\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}\\x{2CEB}-\\x{2CEE}"
          + "\\x{2CF2}\\x{2CF3}\\x{A640}-\\x{A66D}\\x{A680}-\\x{A69B}\\x{A722}-\\x{A76F}"
          + "\\x{A771}-\\x{A787}\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}\\x{FB00}-\\x{FB06}"
          + "\\x{FB13}-\\x{FB17}\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}\\x{10400}-\\x{1044F}"
          + "\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}"
          + "\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}"
          + "]+";

  private PreTokenizerPatterns() {}

  /** Words that begin with capitals: "camelCase" is two. */
  private static String cased(String except, String suffix) {
    String upper = UPPER.replace("]", except + "]");
    String lower = LOWER.replace("]", except + "]");
    String before = "[^\\r\\n\\p{L}\\p{N}]?";
    return before + upper + "*" + lower + "+" + suffix + "|" + before + upper + "+" + lower + "*"
        + suffix;
  }

  private static String slashed() {
    return "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + SPACES;
  }
}
