package dev.thermocline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request and its answer. Used by the thread that serves it. */
public final class Exchange {
  private final ServerRequest request;
  private final ServerResponse response;
  private final long bodyLimit;

  Exchange(ServerRequest request, ServerResponse response, long bodyLimit) {
    this.request = request;
    this.response = response;
    this.bodyLimit = bodyLimit;
  }

  public String method() {
    return request.prologue().method().text();
  }

  public String path() {
    return request.path().path();
  }

  /** A named part of the route's path, such as {@code id} of {@code /v1/models/{id}}. */
  public String pathParameter(String name) {
    return request.path().pathParameters().get(name);
  }

  public @Nullable String header(String name) {
    HeaderName key = HeaderNames.create(name);
    return request.headers().contains(key) ? request.headers().get(key).get() : null;
  }

  public void setHeader(String name, String value) {
    response.header(HeaderNames.create(name), value);
  }

  /**
   * The body.
   *
   * @throws ApiException if it is too long, too slow, cut short or no JSON object
   */
  public ObjectNode body() {
    return Json.parseBody(bodyBytes());
  }

  private byte[] bodyBytes() {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try {
      // Not closed: closing would read what is left of a body that is too long.
      InputStream in = request.content().inputStream();
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, bodyLimit + 1));
      if (bytes.length > bodyLimit) {
        throw tooLarge(bodyLimit);
      }
      return bytes;
    } catch (ApiException e) {
      setHeader("Connection", "close");
      throw e;
    } catch (RequestException e) {
      setHeader("Connection", "close");
      throw e.status().code() == 413
          ? tooLarge(bodyLimit)
          : ApiException.invalid(null, "request body: " + e.getMessage());
    } catch (NumberFormatException e) {
      // What Helidon makes of a chunk's size that is none, and of extensions behind it.
      setHeader("Connection", "close");
      throw ApiException.invalid(
          null, "request body: expected chunks with a size, got another one");
    } catch (DataReader.InsufficientDataAvailableException e) {
      setHeader("Connection", "close");
      throw ApiException.invalid(null, "request body: it ends before its announced length");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ApiException tooLarge(long limit) {
    return ApiException.refused(
        413, "request_too_large", "request body: expected at most " + limit + " bytes");
  }

  /** Runs {@code gone} on another thread if the client leaves before it has its answer. */
  public void onGone(Runnable gone) {
    SocketReads reads = SocketReads.ofThread();
    if (reads != null) {
      reads.watch(gone);
    }
  }

  public void sendJson(int status, JsonNode body) {
    send(status, "application/json", Json.bytes(body));
  }

  /** Sends an answer; one to HEAD says how long its body would be and has none. */
  public void send(int status, String contentType, byte[] body) {
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.status(Status.create(status));
    if (method().equals("HEAD")) {
      response.headers().contentLength(body.length);
      response.send(new byte[0]);
    } else {
      response.send(body);
    }
  }

  /** Sends no more than a status. */
  public void sendEmpty(int status) {
    response.status(Status.create(status));
    response.send();
  }

  public void sendError(ApiException error) {
    if (error.retryAfterSeconds() > 0) {
      setHeader("Retry-After", Integer.toString(error.retryAfterSeconds()));
    }
    sendJson(error.status(), error.body());
  }

  /** Whether an answer has begun. */
  public boolean isSent() {
    return response.isSent();
  }

  /** Begins an answer of unknown length; what is written leaves when flushed. */
  OutputStream stream(String contentType) {
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    response.status(Status.OK_200);
    return response.outputStream();
  }
}
