package dev.thermocline.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.time.Duration;
import java.util.function.Consumer;

/** An HTTP server: Helidon's, a virtual thread per connection, HTTP/1.1 only. */
public final class HttpServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 4096;
  private static final int MAX_HEADER_BYTES = 32 << 10;
  private static final int WRITE_BUFFER = 4096;

  private final WebServer server;

  private HttpServer(WebServer server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param routes adds what is to be answered
   * @throws RuntimeException if the port is taken
   */
  public static HttpServer start(
      HttpSettings settings, Routes.RequestLog log, Consumer<Routes> routes) {
    Routes all =
        new Routes(
            log,
            new ApiKeys(settings.apiKeys()),
            new Hosts(settings.host(), settings.allowedHosts(), !settings.apiKeys().isEmpty()),
            new Origins(settings.corsOrigins()),
            settings.bodyBytes());
    routes.accept(all);
    SocketReads.Limits limits =
        new SocketReads.Limits(
            settings.idleTimeout(),
            settings.headTimeout(),
            settings.bodyTimeout(),
            // A body in small chunks has as much around it again.
            2 * settings.bodyBytes() + 2 * MAX_HEADER_BYTES);
    Http1Config http1 =
        Http1Config.builder().maxHeadersSize(MAX_HEADER_BYTES).continueImmediately(false).build();
    WebServer server =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .shutdownHook(false)
            .shutdownGracePeriod(Duration.ofMillis(500))
            .connectionOptions(options -> options.tcpNoDelay(true))
            .protocolsDiscoverServices(false)
            .addConnectionSelector(new WatchedConnections(http1, limits))
            // Its own check takes a long answer for idleness; ours is in SocketReads.
            .idleConnectionTimeout(Duration.ofDays(365))
            .maxPayloadSize(settings.bodyBytes())
            .errorHandling(errors -> errors.includeEntity(true))
            .maxTcpConnections(MAX_CONNECTIONS)
            .writeBufferSize(WRITE_BUFFER)
            .directHandlers(errors(settings.bodyBytes()))
            .routing(all.build())
            .build();
    return new HttpServer(server.start());
  }

  /** What the server refuses before any route is asked, in the same shape as everything else. */
  private static DirectHandlers errors(long bodyBytes) {
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      builder.addHandler(
          type,
          (request, event, status, headers, message) ->
              refusal(status, headers, message, bodyBytes));
    }
    return builder.build();
  }

  private static DirectHandler.TransportResponse refusal(
      Status status, ServerResponseHeaders headers, String message, long bodyBytes) {
    ApiException error;
    if (status.code() == 413) {
      error = Exchange.tooLarge(bodyBytes);
    } else if (status.code() == 500) {
      error = ApiException.failed("internal error");
    } else {
      String reason = message == null ? status.reasonPhrase() : message;
      error = ApiException.refused(status.code(), null, "not a valid HTTP request: " + reason);
    }
    headers.set(HeaderNames.CONTENT_TYPE, "application/json");
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .keepAlive(false)
        .entity(Json.bytes(error.body()))
        .build();
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Stops listening and closes all connections. */
  @Override
  public void close() {
    server.stop();
  }
}
