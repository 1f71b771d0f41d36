package dev.thermocline.server;

import dev.thermocline.server.engine.EventsRoute;
import dev.thermocline.server.engine.PlacementRoute;
import dev.thermocline.server.http.HttpServer;
import dev.thermocline.server.http.Routes;
import dev.thermocline.server.http.Routes.Access;
import dev.thermocline.server.metrics.EngineGauges;
import dev.thermocline.server.metrics.ServerMetrics;
import dev.thermocline.server.models.ModelCatalog;
import dev.thermocline.server.models.ModelEntry;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import dev.thermocline.server.openai.ActiveCalls;
import dev.thermocline.server.openai.ChatRoute;
import dev.thermocline.server.openai.CompletionRoute;
import dev.thermocline.server.openai.EmbeddingsRoute;
import dev.thermocline.server.openai.HealthRoute;
import dev.thermocline.server.openai.ModelsRoute;
import dev.thermocline.server.openai.PropsRoute;
import dev.thermocline.server.openai.Serving;
import dev.thermocline.server.openai.TokenRoutes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A server of models with OpenAI's interface.
 *
 * <pre>{@code
 * ThermoclineServer server = ThermoclineServer.start(options, entry, ModelCatalog.NONE);
 * server.ready().join();
 * }</pre>
 */
public final class ThermoclineServer implements AutoCloseable {
  private final ServerOptions options;
  private final ModelPool pool;
  private final ActiveCalls calls = new ActiveCalls();
  private final ServerMetrics metrics = new ServerMetrics();
  private final HttpServer http;
  private final CompletableFuture<ServedModel> ready;
  private boolean closed;

  private ThermoclineServer(ServerOptions options, ModelEntry primary, ModelCatalog catalog) {
    this.options = options;
    this.pool = new ModelPool(primary, catalog, options.models());
    EngineGauges.register(metrics, pool);
    Serving serving = new Serving(pool, calls, metrics, options.http().pingInterval());
    this.http =
        HttpServer.start(options.http(), metrics::answered, routes -> addAll(routes, serving));
    this.ready = pool.start();
  }

  /**
   * Listens and loads a model in the background; requests are refused until it is there.
   *
   * @param primary the model of requests that name none
   * @param catalog further models, loaded on demand
   * @throws RuntimeException if the port is taken
   */
  public static ThermoclineServer start(
      ServerOptions options, ModelEntry primary, ModelCatalog catalog) {
    return new ThermoclineServer(options, primary, catalog);
  }

  private static void addAll(Routes routes, Serving serving) {
    routes.get("/health", Access.OPEN, new HealthRoute(serving));
    ModelsRoute models = new ModelsRoute(serving);
    routes.get("/v1/models", Access.KEY, models::list);
    routes.get("/v1/models/{+id}", Access.KEY, models::show);
    routes.post("/v1/chat/completions", Access.KEY, new ChatRoute(serving));
    routes.post("/v1/completions", Access.KEY, new CompletionRoute(serving));
    routes.post("/v1/embeddings", Access.KEY, new EmbeddingsRoute(serving));
    TokenRoutes tokens = new TokenRoutes(serving);
    routes.post("/tokenize", Access.KEY, tokens::tokenize);
    routes.post("/detokenize", Access.KEY, tokens::detokenize);
    routes.post("/apply-template", Access.KEY, tokens::applyTemplate);
    routes.get("/props", Access.KEY, new PropsRoute(serving));
    routes.get(
        "/metrics",
        Access.KEY,
        exchange -> exchange.send(200, ServerMetrics.CONTENT_TYPE, serving.metrics().text()));
    routes.get("/api/engine/placement", Access.KEY, new PlacementRoute(serving.pool()));
    routes.get(
        "/api/engine/events",
        Access.KEY,
        new EventsRoute(serving.pool(), serving.metrics(), serving.calls()::isDraining));
    StaticFiles files = new StaticFiles();
    routes.get("/", Access.OPEN, files);
    routes.get("/web/{name}", Access.OPEN, files);
  }

  /** Completes when the primary model is loaded, or with what prevents it. */
  public CompletableFuture<ServedModel> ready() {
    return ready.copy();
  }

  /** The port it listens on. */
  public int port() {
    return http.port();
  }

  /** The model of requests that name none. */
  public ModelEntry primary() {
    return pool.primary();
  }

  /**
   * Stops: what is under way may finish within the grace time, then is ended with an error that
   * says so; what comes in meanwhile is refused with 503.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    calls.drain();
    awaitCalls(options.grace());
    calls.cancelAll();
    awaitCalls(Duration.ofSeconds(5));
    http.close();
    pool.close();
  }

  private void awaitCalls(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (calls.count() > 0 && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
