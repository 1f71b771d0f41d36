package dev.thermocline.engine;

import dev.thermocline.kernels.KvFormat;

/**
 * How keys and values are kept.
 *
 * @param format of their elements
 * @param tokens that all sequences together have room for, beginnings that they share counted once;
 *     0 for full contexts of all sequences. With less, a sequence may have to wait, or to be
 *     computed again, when long ones meet; one full context always fits
 */
public record CacheOptions(KvFormat format, long tokens) {
  /** float32, with room for full contexts of all sequences. */
  public static final CacheOptions DEFAULT = new CacheOptions(KvFormat.F32, 0);

  public CacheOptions {
    if (tokens < 0 || tokens > 1 << 30) {
      throw new IllegalArgumentException(
          "cache tokens: expected 0 to " + (1 << 30) + ", got " + tokens);
    }
  }

  public CacheOptions withFormat(KvFormat value) {
    return new CacheOptions(value, tokens);
  }

  public CacheOptions withTokens(long value) {
    return new CacheOptions(format, value);
  }
}
