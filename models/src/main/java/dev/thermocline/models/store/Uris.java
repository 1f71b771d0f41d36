package dev.thermocline.models.store;

import dev.thermocline.models.gguf.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Addresses. */
final class Uris {
  private Uris() {}

  /** An address of a web server. */
  static URI web(String text) throws StoreException {
    try {
      URI uri = new URI(text);
      if (isWeb(uri)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, in words that name what was expected.
    }
    throw new StoreException(
        "address: expected http:// or https:// with a host, got " + Printable.name(text));
  }

  static boolean isWeb(URI uri) {
    String scheme = uri.getScheme();
    return uri.getHost() != null
        && scheme != null
        && (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"));
  }

  /** Whether both are the same server: scheme, host and port. */
  static boolean sameOrigin(URI a, URI b) {
    return scheme(a).equals(scheme(b)) && host(a).equals(host(b)) && port(a) == port(b);
  }

  static boolean isSecure(URI uri) {
    return scheme(uri).equals("https");
  }

  static String host(URI uri) {
    return Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT);
  }

  private static String scheme(URI uri) {
    return Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
  }

  static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
  }

  /** An address for messages: without query and user, which may hold secrets. */
  static String printable(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = Objects.requireNonNullElse(uri.getPath(), "");
    return Printable.name(uri.getScheme() + "://" + uri.getHost() + port + path);
  }

  /** Escapes all but unreserved characters, and but slashes if they separate steps. */
  static String escape(String text, boolean steps) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0 || steps && c == '/');
      out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return out.toString();
  }

  /** The text of one step of a path. */
  static String unescape(String step) {
    return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The address with another path, which is not escaped yet, and the same query. */
  static URI withPath(URI uri, String path) throws StoreException {
    String query = uri.getRawQuery();
    return web(
        uri.getScheme()
            + "://"
            + uri.getRawAuthority()
            + escape(path, true)
            + (query == null ? "" : "?" + query));
  }

  /** A path that an address may lack. */
  static String path(@Nullable String path) {
    return path == null ? "" : path;
  }
}
