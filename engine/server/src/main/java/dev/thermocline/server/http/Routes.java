package dev.thermocline.server.http;

import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What a server answers, by method and path. */
public final class Routes {
  private static final System.Logger LOG = System.getLogger(Routes.class.getName());

  /** What a log shows for an answer that nobody waited for, as nginx has it. */
  private static final int BROKEN_OFF = 499;

  /** Who may use a route. */
  public enum Access {
    /** Whoever has a key, where keys are set. */
    KEY,
    /** Everybody. */
    OPEN
  }

  private record Route(String method, String path, Access access, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();
  private final RequestLog log;
  private final ApiKeys keys;
  private final Hosts hosts;
  private final Origins origins;
  private final long bodyLimit;

  /** Is told of every answer. */
  @FunctionalInterface
  public interface RequestLog {
    /** Called once a request is answered. */
    void answered(String route, int status, long nanos);
  }

  Routes(RequestLog log, ApiKeys keys, Hosts hosts, Origins origins, long bodyLimit) {
    this.log = log;
    this.keys = keys;
    this.hosts = hosts;
    this.origins = origins;
    this.bodyLimit = bodyLimit;
  }

  public void get(String path, Access access, Handler handler) {
    routes.add(new Route("GET", path, access, handler));
  }

  public void post(String path, Access access, Handler handler) {
    routes.add(new Route("POST", path, access, handler));
  }

  /** The routes with all that surrounds them. */
  HttpRouting.Builder build() {
    HttpRouting.Builder builder = HttpRouting.builder();
    Map<String, StringJoiner> methods = new LinkedHashMap<>();
    for (Route route : routes) {
      StringJoiner allowed =
          methods.computeIfAbsent(route.path(), path -> new StringJoiner(", ")).add(route.method());
      builder.route(
          Method.create(route.method()), route.path(), (req, res) -> serve(route, req, res));
      if (route.method().equals("GET")) {
        allowed.add("HEAD");
        builder.route(Method.HEAD, route.path(), (req, res) -> serve(route, req, res));
      }
    }
    methods.forEach((path, allowed) ->
        builder.any(
            path,
            (req, res) ->
                serve(new Route("", path, Access.OPEN, e -> other(e, allowed)), req, res)));
    builder.any((req, res) -> serve(new Route("", "other", Access.KEY, Routes::unknown), req, res));
    return builder;
  }

  private void other(Exchange exchange, StringJoiner allowed) {
    if (exchange.method().equals("OPTIONS")
        && exchange.header("Access-Control-Request-Method") != null) {
      origins.preflight(exchange);
      return;
    }
    exchange.setHeader("Allow", allowed.toString());
    throw ApiException.refused(
        405,
        "method_not_allowed",
        exchange.path() + ": expected " + allowed + ", got " + exchange.method());
  }

  private static void unknown(Exchange exchange) {
    throw ApiException.refused(
        404, "unknown_url", "no such route: " + exchange.method() + " " + exchange.path());
  }

  private void serve(Route route, ServerRequest request, ServerResponse response) {
    long started = System.nanoTime();
    SocketReads reads = SocketReads.ofThread();
    if (reads != null) {
      reads.beginBody();
    }
    Exchange exchange = new Exchange(request, response, bodyLimit);
    int status = BROKEN_OFF;
    try {
      answer(route, exchange);
      status = response.status().code();
    } finally {
      if (reads != null) {
        reads.endRequest();
      }
      log.answered(route.path(), status, System.nanoTime() - started);
    }
    // Helidon says that it closes such a connection, and leaves it to the client.
    if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
        || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("as announced");
    }
  }

  private void answer(Route route, Exchange exchange) {
    try {
      hosts.check(exchange.header("Host"));
      origins.allow(exchange);
      origins.check(exchange);
      if (route.access() == Access.KEY) {
        keys.check(exchange.header("Authorization"));
      }
      route.handler().handle(exchange);
    } catch (ApiException e) {
      sendError(exchange, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the server is stopping", e);
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RuntimeException e) {
      if (exchange.isSent()) {
        // Nothing can be said any more: the client sees an answer that breaks off.
        LOG.log(Level.DEBUG, "answer broke off", e);
        throw new CloseConnectionException("the answer broke off", e);
      }
      LOG.log(Level.ERROR, exchange.method() + " " + exchange.path(), e);
      sendError(exchange, ApiException.failed("internal error"));
    }
  }

  private static void sendError(Exchange exchange, ApiException error) {
    if (exchange.isSent()) {
      throw new CloseConnectionException("the answer broke off", error);
    }
    exchange.sendError(error);
  }
}
