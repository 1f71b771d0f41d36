package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufMetadata;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * SentencePiece BPE (Kudo and Richardson, 2018) with byte fallback, as Llama 1 and 2 use it: spaces
 * become U+2581, neighbouring pieces merge by score, and what stays unknown is spelled in bytes.
 * The rules around special tokens are llama.cpp's.
 */
final class SentencePieceTokenizer implements Tokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  /** U+2581, the visible space. */
  private static final byte[] SPACE = {(byte) 0xe2, (byte) 0x96, (byte) 0x81};

  private final Vocabulary vocabulary;
  private final float[] scores;
  private final SpecialTokens specialTokens;
  private final int[] byteTokens = new int[256];
  private final byte[] byteValues;
  private final boolean spacePrefix;
  private final boolean addBos;
  private final boolean addEos;

  SentencePieceTokenizer(GgufMetadata metadata) {
    vocabulary = new Vocabulary(metadata, 1, 2, 0);
    scores = Vocabulary.sized(metadata, PREFIX + "scores", vocabulary.size()).toFloats();
    spacePrefix = metadata.bool(PREFIX + "add_space_prefix", true);
    addBos = metadata.bool(PREFIX + "add_bos_token", true) && vocabulary.bos() >= 0;
    addEos = metadata.bool(PREFIX + "add_eos_token", false) && vocabulary.eos() >= 0;
    specialTokens = new SpecialTokens(vocabulary, swallowers(metadata));
    byteValues = new byte[vocabulary.size()];
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = byteToken(b);
    }
  }

  private int byteToken(int b) {
    int token = vocabulary.pieces().find(String.format(Locale.ROOT, "<0x%02X>", b));
    if (token >= 0) {
      byteValues[token] = (byte) b;
      return token;
    }
    int literal = vocabulary.pieces().find(new byte[] {(byte) b}, 0, 1);
    return literal >= 0 ? literal : vocabulary.unknown();
  }

  /**
   * Phi-3's special tokens, trained with a tokenizer that drops the white space after them; its
   * files do not say so.
   */
  private BitSet swallowers(GgufMetadata metadata) {
    BitSet swallowers = new BitSet();
    String name = metadata.string("general.name", "").toLowerCase(Locale.ROOT);
    if (!name.contains("phi-3") && !name.contains("phi3")) {
      return swallowers;
    }
    for (int i = 0; i < vocabulary.size(); i++) {
      swallowers.set(i, SpecialTokens.isSpecial(vocabulary.type(i)));
    }
    set(swallowers, "</s>", true);
    for (String text : List.of("<unk>", "<s>", "<|endoftext|>")) {
      set(swallowers, text, false);
    }
    return swallowers;
  }

  private void set(BitSet tokens, String text, boolean member) {
    int token = vocabulary.pieces().find(text);
    if (token >= 0) {
      tokens.set(token, member);
    }
  }

  @Override
  public int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial) {
    IntList out = new IntList();
    if (addSpecial && addBos) {
      out.add(vocabulary.bos());
    }
    boolean afterSpecial = true;
    for (SpecialTokens.Fragment fragment : specialTokens.split(utf8, parseSpecial)) {
      if (fragment.token() >= 0) {
        out.add(fragment.token());
        afterSpecial = true;
      } else {
        byte[] text = escape(utf8, fragment, spacePrefix && afterSpecial);
        new PairMerger(vocabulary.pieces(), scores, text).merge(this::emit, out);
        afterSpecial = false;
      }
    }
    if (addSpecial && addEos) {
      out.add(vocabulary.eos());
    }
    return out.toArray();
  }

  private static byte[] escape(byte[] utf8, SpecialTokens.Fragment fragment, boolean prefix) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(fragment.to() - fragment.from() + 16);
    if (prefix) {
      out.writeBytes(SPACE);
    }
    for (int i = fragment.from(); i < fragment.to(); i++) {
      if (utf8[i] == ' ') {
        out.writeBytes(SPACE);
      } else {
        out.write(utf8[i]);
      }
    }
    return out.toByteArray();
  }

  /** Adds the token of a merged piece, or its bytes where there is none. */
  private void emit(byte[] text, int from, int to, IntList out) {
    int token = vocabulary.pieces().find(text, from, to);
    if (token >= 0) {
      out.add(token);
      return;
    }
    for (int i = from; i < to; i++) {
      int spelled = byteTokens[text[i] & 0xff];
      if (spelled >= 0) {
        out.add(spelled);
      }
    }
  }

  @Override
  public byte[] piece(int token, boolean renderSpecial) {
    return switch (vocabulary.type(token)) {
      case CONTROL, UNKNOWN -> renderSpecial ? vocabulary.pieces().piece(token) : new byte[0];
      case USER_DEFINED -> vocabulary.pieces().piece(token);
      case BYTE -> new byte[] {byteValues[token]};
      case NORMAL -> unescape(token);
      case UNDEFINED, UNUSED -> new byte[0];
    };
  }

  private byte[] unescape(int token) {
    String text = vocabulary.text(token);
    return text.indexOf('\u2581') < 0
        ? vocabulary.pieces().piece(token)
        : text.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix;
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  @Override
  public String text(int token) {
    return vocabulary.text(token);
  }

  @Override
  public TokenType type(int token) {
    return vocabulary.type(token);
  }

  @Override
  public int bos() {
    return vocabulary.bos();
  }

  @Override
  public int eos() {
    return vocabulary.eos();
  }

  @Override
  public boolean addsBos() {
    return addBos;
  }

  @Override
  public boolean isEndOfGeneration(int token) {
    return vocabulary.isEndOfGeneration(token);
  }
}
