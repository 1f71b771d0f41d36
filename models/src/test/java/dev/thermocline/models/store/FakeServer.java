package dev.thermocline.models.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A web server on this machine whose answers a test writes; what is not written is 404. */
final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Answers a request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** A request that came. */
  record Request(
      String path,
      @Nullable String range,
      @Nullable String ifRange,
      @Nullable String authorization) {}

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    var headers = exchange.getRequestHeaders();
    requests.add(
        new Request(
            path,
            headers.getFirst("Range"),
            headers.getFirst("If-Range"),
            headers.getFirst("Authorization")));
    try {
      Objects.requireNonNullElse(answers.get(path), status(404)).to(exchange);
    } finally {
      exchange.close();
    }
  }

  /** An address on this server; both names of this machine do. */
  URI at(String host, String path) {
    return URI.create("http://" + host + ":" + server.getAddress().getPort() + path);
  }

  URI at(String path) {
    return at("127.0.0.1", path);
  }

  FakeServer on(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /** One answer after the other; the last one stays. */
  FakeServer onEach(String path, Answer first, Answer... further) {
    var left = new java.util.concurrent.ConcurrentLinkedQueue<Answer>(List.of(further));
    Answer[] current = {first};
    return on(
        path,
        exchange -> {
          Answer answer = current[0];
          current[0] = Objects.requireNonNullElse(left.poll(), answer);
          answer.to(exchange);
        });
  }

  List<Request> requests(String path) {
    return requests.stream().filter(r -> r.path().equals(path)).toList();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  static Answer status(int status, String... headers) {
    return exchange -> {
      headers(exchange, headers);
      exchange.sendResponseHeaders(status, -1);
    };
  }

  static Answer redirect(URI target, String... headers) {
    return exchange -> {
      exchange.getResponseHeaders().add("Location", target.toString());
      headers(exchange, headers);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  static Answer json(String body) {
    return whole(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Everything, whatever part is asked for. */
  static Answer whole(byte[] content, String... headers) {
    return exchange -> {
      headers(exchange, headers);
      exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    };
  }

  /** Announces everything and breaks off. */
  static Answer breaking(byte[] content, int after, String... headers) {
    return exchange -> {
      headers(exchange, headers);
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, after);
      exchange.getResponseBody().flush();
    };
  }

  /** A file with a tag, in parts as well, as RFC 9110 wants it. */
  static Answer file(byte[] content, String etag) {
    return exchange -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      String condition = exchange.getRequestHeaders().getFirst("If-Range");
      headers(exchange, "ETag", etag);
      if (range == null || condition != null && !condition.equals(etag)) {
        whole(content).to(exchange);
        return;
      }
      int first = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      if (first >= content.length) {
        status(416, "Content-Range", "bytes */" + content.length).to(exchange);
        return;
      }
      headers(
          exchange,
          "Content-Range",
          "bytes " + first + "-" + (content.length - 1) + "/" + content.length);
      exchange.sendResponseHeaders(206, content.length - first);
      exchange.getResponseBody().write(content, first, content.length - first);
    };
  }

  private static void headers(HttpExchange exchange, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  static FakeServer start() {
    try {
      return new FakeServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
