package dev.thermocline.engine;

import dev.thermocline.kernels.KvFormat;

/**
 * How keys and values are kept.
 *
 * @param format of their elements
 * @param tokens that all sequences together have room for, beginnings that they share counted once;
 *     0 for full contexts of all sequences. With less, a sequence may have to wait, or to be
 *     computed again, when long ones meet; one full context always fits
 * @param shift whether a full context goes on: its first tokens stay, half of the others go, and
 *     the rest moves up; an answer then has at most 131072 tokens. Otherwise the generation ends
 * @param keep how many first tokens stay, attention sinks among them (Xiao et al., StreamingLLM,
 *     2023); {@link #KEEP_PROMPT} for the whole prompt
 */
public record CacheOptions(KvFormat format, long tokens, boolean shift, int keep) {
  /** Stands for as many tokens as the prompt has. */
  public static final int KEEP_PROMPT = -1;

  /** float32, with room for full contexts of all sequences, without shifting. */
  public static final CacheOptions DEFAULT = new CacheOptions(KvFormat.F32, 0, false, 4);

  public CacheOptions {
    if (tokens < 0 || tokens > 1 << 30) {
      throw new IllegalArgumentException(
          "cache tokens: expected 0 to " + (1 << 30) + ", got " + tokens);
    }
    if (keep < KEEP_PROMPT) {
      throw new IllegalArgumentException(
          "tokens to keep: expected 0 or more, or -1 for the prompt, got " + keep);
    }
  }

  public CacheOptions withFormat(KvFormat value) {
    return new CacheOptions(value, tokens, shift, keep);
  }

  public CacheOptions withTokens(long value) {
    return new CacheOptions(format, value, shift, keep);
  }

  /** With a sliding window. */
  public CacheOptions withShift(int kept) {
    return new CacheOptions(format, tokens, true, kept);
  }
}
