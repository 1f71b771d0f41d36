package dev.thermocline.server;

import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The page's files, resources of this jar beside this class in {@code web}, and the libraries it
 * uses, out of their own jars. They hold no secrets and need no key; the policy lets them load
 * nothing from elsewhere.
 */
final class StaticFiles implements Handler {
  private static final String POLICY =
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private static final String JARS = "/META-INF/resources/webjars/";

  private static final Map<String, String> LIBRARIES =
      Map.of(
          "marked.esm.js", JARS + "marked/17.0.1/lib/marked.esm.js",
          "purify.es.mjs", JARS + "dompurify/3.3.3/dist/purify.es.mjs");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8",
          "json", "application/json");

  @Override
  public void handle(Exchange exchange) {
    String path = exchange.path();
    String name = path.equals("/") ? "index.html" : path.replaceFirst("^/web/", "");
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    // Nothing but plain names: no way out of the folder.
    if (type == null || !name.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*")) {
      throw unknown(path);
    }
    exchange.setHeader("Content-Security-Policy", POLICY);
    exchange.setHeader("X-Content-Type-Options", "nosniff");
    exchange.setHeader("Referrer-Policy", "no-referrer");
    exchange.setHeader("Cache-Control", "no-cache");
    exchange.send(200, type, read(path, name));
  }

  private static byte[] read(String path, String name) {
    try (InputStream in =
        StaticFiles.class.getResourceAsStream(LIBRARIES.getOrDefault(name, "web/" + name))) {
      if (in == null) {
        throw unknown(path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApiException unknown(String path) {
    return ApiException.refused(404, "unknown_url", "no such file: " + path);
  }
}
