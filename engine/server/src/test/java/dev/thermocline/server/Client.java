package dev.thermocline.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain client: requests as text, answers as JSON. */
final class Client implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String[] headers;

  Client(ThermoclineServer server, String... headers) {
    this.base = "http://127.0.0.1:" + server.port();
    this.headers = headers;
  }

  /** An answer. */
  record Reply(int status, JsonNode body, HttpResponse<String> response) {
    /** The error's field, or the whole answer where it is none. */
    String error(String field) {
      JsonNode value = body.path("error").path(field);
      return value.isString() ? value.stringValue() : body.toString();
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + path));
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder;
  }

  Reply get(String path) throws IOException, InterruptedException {
    return reply(http.send(request(path).build(), BodyHandlers.ofString()));
  }

  String text(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  Reply post(String path, String body) throws IOException, InterruptedException {
    return reply(http.send(posting(path, body), BodyHandlers.ofString()));
  }

  HttpRequest posting(String path, String body) {
    return request(path).POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))).build();
  }

  private static Reply reply(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    JsonNode body =
        type.equals("application/json") ? JSON.readTree(response.body()) : JSON.nullNode();
    return new Reply(response.statusCode(), body, response);
  }

  /** The data of all events of a stream. */
  List<String> events(String path, String body) throws IOException, InterruptedException {
    return events(path, body, data -> {});
  }

  /** As above, telling each event as it comes. */
  List<String> events(String path, String body, Consumer<String> listener)
      throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response = http.send(posting(path, body), BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      List<String> data = new ArrayList<>();
      lines
          .filter(line -> !line.isEmpty() && !line.startsWith(":"))
          .forEach(line -> {
            if (!line.startsWith("data: ")) {
              throw new IllegalStateException("expected an event, got " + line);
            }
            data.add(line.substring("data: ".length()));
            listener.accept(data.getLast());
          });
      return data;
    }
  }

  /** The text that a chat stream's events add up to. */
  String chatText(String body) throws IOException, InterruptedException {
    return chatText(body, data -> {});
  }

  /** As above, telling each event as it comes. */
  String chatText(String body, Consumer<String> listener) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    List<String> events = events("/v1/chat/completions", body, listener);
    for (String event : events.subList(0, events.size() - 1)) {
      text.append(
          JSON.readTree(event).path("choices").path(0).path("delta").path("content").asString(""));
    }
    return text.toString();
  }

  HttpClient http() {
    return http;
  }

  @Override
  public void close() {
    http.close();
  }
}
