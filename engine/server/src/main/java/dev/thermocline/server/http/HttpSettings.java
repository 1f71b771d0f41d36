package dev.thermocline.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How HTTP is served.
 *
 * @param host address to listen on
 * @param port to listen on, 0 for any that is free
 * @param apiKeys that let clients in; none lets everybody in
 * @param allowedHosts names that the server may be called by besides this machine's own, {@code *}
 *     for all; they count where it listens on the loopback address and has no keys
 * @param corsOrigins pages that may use the server, such as {@code http://localhost:3000}
 * @param bodyBytes most bytes of a request's body
 * @param idleTimeout between requests of a connection
 * @param headTimeout for the headers of a request
 * @param bodyTimeout for the body of a request
 * @param pingInterval silence after which a stream gets a comment
 */
public record HttpSettings(
    String host,
    int port,
    Set<String> apiKeys,
    List<String> allowedHosts,
    List<String> corsOrigins,
    long bodyBytes,
    Duration idleTimeout,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration pingInterval) {
  public HttpSettings {
    apiKeys = Set.copyOf(apiKeys);
    allowedHosts = List.copyOf(allowedHosts);
    corsOrigins = List.copyOf(corsOrigins);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: expected 0 to 65535, got " + port);
    }
    if (apiKeys.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("API keys: expected text, got a blank one");
    }
    if (bodyBytes < 1 || bodyBytes > 1L << 30) {
      throw new IllegalArgumentException("body: expected 1 byte to 1 GiB, got " + bodyBytes);
    }
  }

  /** Loopback, port 8080, no keys. */
  public static HttpSettings defaults() {
    return new HttpSettings(
        "127.0.0.1",
        8080,
        Set.of(),
        List.of(),
        List.of(),
        16L << 20,
        Duration.ofMinutes(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10));
  }

  public HttpSettings withPort(int value) {
    return new HttpSettings(
        host,
        value,
        apiKeys,
        allowedHosts,
        corsOrigins,
        bodyBytes,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        pingInterval);
  }

  public HttpSettings withApiKeys(Set<String> value) {
    return new HttpSettings(
        host,
        port,
        value,
        allowedHosts,
        corsOrigins,
        bodyBytes,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        pingInterval);
  }

  public HttpSettings withAllowedHosts(List<String> value) {
    return new HttpSettings(
        host,
        port,
        apiKeys,
        value,
        corsOrigins,
        bodyBytes,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        pingInterval);
  }

  public HttpSettings withCorsOrigins(List<String> value) {
    return new HttpSettings(
        host,
        port,
        apiKeys,
        allowedHosts,
        value,
        bodyBytes,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        pingInterval);
  }

  public HttpSettings withBodyBytes(long value) {
    return new HttpSettings(
        host,
        port,
        apiKeys,
        allowedHosts,
        corsOrigins,
        value,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        pingInterval);
  }

  /** The same with other time limits. */
  public HttpSettings withTimeouts(Duration idle, Duration head, Duration body) {
    return new HttpSettings(
        host, port, apiKeys, allowedHosts, corsOrigins, bodyBytes, idle, head, body, pingInterval);
  }

  public HttpSettings withPingInterval(Duration value) {
    return new HttpSettings(
        host,
        port,
        apiKeys,
        allowedHosts,
        corsOrigins,
        bodyBytes,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        value);
  }
}
