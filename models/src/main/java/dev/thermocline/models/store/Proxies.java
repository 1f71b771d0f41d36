package dev.thermocline.models.store;

import dev.thermocline.models.gguf.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Servers that stand between us and the web, by the variables that curl and others read. Where they
 * say nothing, Java's own properties ({@code -Dhttps.proxyHost}) count.
 *
 * @param http for {@code http} addresses, such as {@code http://user:password@host:3128}; null for
 *     none
 * @param https for {@code https} addresses, which are reached through a tunnel
 * @param except hosts that are asked directly, as NO_PROXY has them
 */
public record Proxies(@Nullable String http, @Nullable String https, String except) {
  /** None but those of Java's properties. */
  public static final Proxies NONE = new Proxies(null, null, "");

  /** What an environment says; names in small letters come first. */
  static Proxies of(Map<String, String> environment) {
    String all = variable(environment, "all_proxy");
    String http = variable(environment, "http_proxy");
    String https = variable(environment, "https_proxy");
    return new Proxies(
        http == null ? all : http,
        https == null ? all : https,
        Objects.requireNonNullElse(variable(environment, "no_proxy"), ""));
  }

  private static @Nullable String variable(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, environment.get(name.toUpperCase(Locale.ROOT)));
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The proxy for an address, or null to ask directly or as Java says. */
  @Nullable URI proxyFor(URI address) throws StoreException {
    String value = Uris.isSecure(address) ? https : http;
    return value == null || isExcepted(address) ? null : parse(value);
  }

  /** Whether an address is asked directly whatever else is said. */
  boolean isExcepted(URI address) {
    return ProxyExceptions.of(except).contains(address);
  }

  /** Reads a proxy's address; a password in it appears in no message. */
  private static URI parse(String value) throws StoreException {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new StoreException(
        "proxy: expected http://host:port, got " + Printable.name(value.replaceAll("//.*@", "//")));
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "Proxies[" + (http != null) + ", " + (https != null) + ", " + except + "]";
  }
}
