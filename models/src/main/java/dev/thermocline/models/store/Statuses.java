package dev.thermocline.models.store;

import dev.thermocline.models.gguf.Printable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** What an answer that is no success means, in words that say what to do. */
final class Statuses {
  private final StoreSettings settings;

  Statuses(StoreSettings settings) {
    this.settings = settings;
  }

  /**
   * Refuses an answer.
   *
   * @param subject what was asked for
   * @throws TransientException if it is worth asking again
   * @throws StoreException otherwise, always
   */
  void refuse(Reply reply, String subject) throws StoreException, TransientException {
    int status = reply.status();
    if (status == 408 || status == 429 || status >= 500) {
      throw new TransientException(
          subject + ": " + Uris.host(reply.uri()) + " answered " + status + name(status),
          null,
          retryAfter(reply));
    }
    throw new StoreException(subject + ": " + message(status, reply) + detail(reply));
  }

  private String message(int status, Reply reply) {
    boolean ofHub = Uris.sameOrigin(reply.uri(), settings.endpoint());
    return switch (status) {
      case 401 -> "401 unauthorized: " + (ofHub ? unauthorized() : "the server asks for a login");
      case 403 -> "403 forbidden: " + (ofHub ? gated() : "the server does not allow it");
      case 404 -> "404 not found on " + Uris.host(reply.uri());
      case 416 -> "416 range not satisfiable, though no range was asked for";
      default -> Uris.host(reply.uri()) + " answered " + status;
    };
  }

  private String unauthorized() {
    return settings.token() == null
        ? "private, gated or misspelt; set HF_TOKEN to a token that may read it"
        : "the Hub does not accept this token; check HF_TOKEN";
  }

  private String gated() {
    return settings.token() == null
        ? "gated; accept its terms on its page, then set HF_TOKEN"
        : "gated; accept its terms on its page with the account of your token";
  }

  private static String name(int status) {
    return switch (status) {
      case 429 -> " (too many requests)";
      case 503 -> " (unavailable)";
      default -> "";
    };
  }

  private static String detail(Reply reply) {
    return reply
        .header("X-Error-Message")
        .map(text -> " (" + Printable.name(text) + ")")
        .orElse("");
  }

  private static Duration retryAfter(Reply reply) {
    String value = reply.header("Retry-After").orElse("").strip();
    if (value.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime time = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration left = Duration.between(Instant.now(), time);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
