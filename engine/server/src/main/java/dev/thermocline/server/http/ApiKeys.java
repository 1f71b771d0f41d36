package dev.thermocline.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that let a client in; none lets everybody in. */
final class ApiKeys {
  private static final String SCHEME = "Bearer ";

  private final List<byte[]> digests;

  ApiKeys(Collection<String> keys) {
    this.digests = keys.stream().map(ApiKeys::digest).toList();
  }

  /** Checks the value of an Authorization header. */
  void check(@Nullable String authorization) {
    if (!digests.isEmpty() && !isKnown(authorization)) {
      throw ApiException.refused(
          401,
          "invalid_api_key",
          authorization == null
              ? "an API key is needed: send the header Authorization: Bearer KEY"
              : "the API key is wrong");
    }
  }

  /** The time it takes tells nothing: digests of equal length, all of them compared whole. */
  private boolean isKnown(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] given = digest(authorization.substring(SCHEME.length()).strip());
    boolean known = false;
    for (byte[] digest : digests) {
      known |= MessageDigest.isEqual(digest, given);
    }
    return known;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
