package dev.thermocline.models.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer after redirects. The Hub tells what a file is on its own answer and redirects to
 * another server for the content, so the headers of the way count as well.
 */
final class Reply implements AutoCloseable {
  private final URI uri;
  private final int status;
  private final HttpHeaders headers;
  private final HubHeaders hub;
  private final InputStream body;

  /** What the Hub said on the way, empty where it did not. */
  record HubHeaders(Optional<String> linkedEtag, OptionalLong linkedSize, Optional<String> commit) {
    static final HubHeaders NONE =
        new HubHeaders(Optional.empty(), OptionalLong.empty(), Optional.empty());

    HubHeaders and(HttpHeaders next) {
      return new HubHeaders(
          linkedEtag.or(() -> next.firstValue("X-Linked-ETag")),
          linkedSize.isPresent() ? linkedSize : number(next, "X-Linked-Size"),
          commit.or(() -> next.firstValue("X-Repo-Commit")));
    }
  }

  Reply(URI uri, int status, HttpHeaders headers, HubHeaders hub, InputStream body) {
    this.uri = uri;
    this.status = status;
    this.headers = headers;
    this.hub = hub;
    this.body = body;
  }

  URI uri() {
    return uri;
  }

  int status() {
    return status;
  }

  HubHeaders hub() {
    return hub;
  }

  InputStream body() {
    return body;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** A header's value of digits; empty if it is missing or anything else. */
  OptionalLong number(String name) {
    return number(headers, name);
  }

  private static OptionalLong number(HttpHeaders headers, String name) {
    String value = headers.firstValue(name).orElse("").strip();
    return value.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
