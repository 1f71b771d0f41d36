package dev.thermocline.models.store;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Content-Range: bytes 100-199/200} (RFC 9110 section 14.4).
 *
 * @param first byte of the part; empty where there is no part ({@code bytes *}{@code /200})
 * @param total bytes of the whole; empty if unknown
 */
record ContentRange(OptionalLong first, OptionalLong total) {
  private static final Pattern SYNTAX =
      Pattern.compile("bytes\\s+(?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");

  static Optional<ContentRange> of(Reply reply) {
    Matcher match = SYNTAX.matcher(reply.header("Content-Range").orElse("").strip());
    return match.matches()
        ? Optional.of(new ContentRange(number(match, 1), number(match, 2)))
        : Optional.empty();
  }

  private static OptionalLong number(Matcher match, int group) {
    String digits = match.group(group);
    return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }
}
