package dev.thermocline.server.http;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An answer other than success, in the shape of OpenAI's API. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final String INVALID = "invalid_request_error";

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final int retryAfterSeconds;

  private ApiException(
      int status,
      String type,
      @Nullable String param,
      @Nullable String code,
      int retryAfterSeconds,
      String message) {
    // Thrown for what clients send: no stack trace, which hostile ones could make many of.
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** 400: a parameter that is wrong; {@code param} is null where it is the body as a whole. */
  public static ApiException invalid(@Nullable String param, String message) {
    return invalid(param, null, message);
  }

  /** 400 with a code that programs look at. */
  public static ApiException invalid(
      @Nullable String param, @Nullable String code, String message) {
    return new ApiException(400, INVALID, param, code, 0, message);
  }

  /** Another refusal of a request. */
  public static ApiException refused(int status, @Nullable String code, String message) {
    return new ApiException(status, INVALID, null, code, 0, message);
  }

  /** 404: a model that is not here. */
  public static ApiException unknownModel(String message) {
    return new ApiException(404, INVALID, "model", "model_not_found", 0, message);
  }

  /** 429: too much is waiting already. */
  public static ApiException overloaded(int retryAfterSeconds, String message) {
    return new ApiException(
        429, "rate_limit_error", null, "queue_full", retryAfterSeconds, message);
  }

  /** 503: not now. */
  public static ApiException unavailable(
      int retryAfterSeconds, @Nullable String code, String message) {
    return new ApiException(
        503, "service_unavailable_error", null, code, retryAfterSeconds, message);
  }

  /** 500: the engine failed. */
  public static ApiException failed(String message) {
    return new ApiException(500, "server_error", null, null, 0, message);
  }

  public int status() {
    return status;
  }

  /** Seconds for the Retry-After header, 0 for none. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** The answer: {@code {"error": {"message", "type", "param", "code"}}}. */
  public ObjectNode body() {
    ObjectNode body = Json.object();
    ObjectNode error = body.putObject("error");
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param);
    error.put("code", code);
    return body;
  }
}
