package dev.thermocline.server.openai;

import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.http.Json;

/** {@code GET /health}: 200 once requests can be served, 503 before and while stopping. */
public final class HealthRoute implements Handler {
  private final Serving serving;

  public HealthRoute(Serving serving) {
    this.serving = serving;
  }

  @Override
  public void handle(Exchange exchange) {
    if (serving.calls().isDraining()) {
      throw ApiException.unavailable(5, "stopping", "the server is stopping");
    }
    if (!serving.pool().isReady()) {
      throw ApiException.unavailable(
          1, "loading", "model " + serving.pool().primary().id() + " is being loaded");
    }
    exchange.sendJson(200, Json.object().put("status", "ok"));
  }
}
