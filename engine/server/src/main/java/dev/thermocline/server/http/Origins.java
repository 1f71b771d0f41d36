package dev.thermocline.server.http;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other servers may use this one from a browser (CORS): those on the list, {@code *}
 * for all, by default none. Others cannot read answers, and what they send is refused.
 */
final class Origins {
  private static final String METHODS = "GET, POST, OPTIONS";
  private static final String HEADERS = "Authorization, Content-Type";
  private static final String MAX_AGE = "600";

  private final Set<String> allowed;

  Origins(Collection<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /** Adds the headers that let a page in. */
  void allow(Exchange exchange) {
    String origin = exchange.header("Origin");
    if (origin != null && isAllowed(origin)) {
      exchange.setHeader("Access-Control-Allow-Origin", origin);
      exchange.setHeader("Vary", "Origin");
    }
  }

  /** Answers a browser that asks beforehand. */
  void preflight(Exchange exchange) {
    String origin = exchange.header("Origin");
    if (origin == null || !isAllowed(origin)) {
      throw ApiException.refused(403, "origin_not_allowed", refusal(origin));
    }
    String wanted = exchange.header("Access-Control-Request-Headers");
    exchange.setHeader("Access-Control-Allow-Methods", METHODS);
    exchange.setHeader("Access-Control-Allow-Headers", wanted == null ? HEADERS : wanted);
    exchange.setHeader("Access-Control-Max-Age", MAX_AGE);
    exchange.sendEmpty(204);
  }

  /** Browsers send simple requests without asking: those of foreign pages must do nothing. */
  void check(Exchange exchange) {
    String origin = exchange.header("Origin");
    if (origin != null
        && exchange.method().equals("POST")
        && !isAllowed(origin)
        && !isOwn(origin, exchange.header("Host"))) {
      throw ApiException.refused(403, "origin_not_allowed", refusal(origin));
    }
  }

  private boolean isAllowed(String origin) {
    return allowed.contains("*") || allowed.contains(origin);
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    return host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
  }

  private static String refusal(@Nullable String origin) {
    return "pages of "
        + (origin == null ? "an unnamed origin" : origin)
        + " may not use this server: --cors-origin allows them";
  }
}
