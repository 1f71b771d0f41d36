package dev.thermocline.cli;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.models.store.ModelStore;
import dev.thermocline.models.store.StoreSettings;
import dev.thermocline.server.ServerOptions;
import dev.thermocline.server.ThermoclineServer;
import dev.thermocline.server.http.HttpSettings;
import dev.thermocline.server.models.ModelEntry;
import dev.thermocline.server.models.PoolSettings;
import dev.thermocline.server.models.ServedModel;
import dev.thermocline.server.models.StoreCatalog;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** A server from the command's start to the signal that ends it. */
final class ServeSession {
  private final ServeCommand flags;
  private final EngineOptions engine;
  private final PrintStream err = System.err;

  ServeSession(ServeCommand flags, EngineOptions engine) {
    this.flags = flags;
    this.engine = engine;
  }

  int run() throws Exception {
    ServerOptions options = options();
    ModelEntry primary = primary();
    StoreCatalog catalog = new StoreCatalog(new ModelStore(StoreSettings.ofEnvironment()));
    warnIfOpen(options.http());
    ThermoclineServer server = start(options, primary, catalog);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "thermocline-stop"));
    err.println(
        "thermocline: loading "
            + primary.id()
            + ", listening on http://"
            + shown(options.http().host())
            + ":"
            + server.port());
    ServedModel model = awaitReady(server);
    err.println("thermocline: ready; " + model.engine().runner().summary());
    if (model.template().isPlain()) {
      err.println(
          "thermocline: "
              + primary.id()
              + " has no chat template: it continues the texts of the messages");
    }
    // Until a signal ends the process; the shutdown hook sees to the rest.
    new CountDownLatch(1).await();
    return 0;
  }

  private static ThermoclineServer start(
      ServerOptions options, ModelEntry primary, StoreCatalog catalog) throws IOException {
    try {
      return ThermoclineServer.start(options, primary, catalog);
    } catch (RuntimeException e) {
      String place = shown(options.http().host()) + ":" + options.http().port();
      throw new IOException(place + " cannot be listened on: " + root(e), e);
    }
  }

  private static String root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
  }

  private ServedModel awaitReady(ThermoclineServer server) throws Exception {
    try {
      return server.ready().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void stop(ThermoclineServer server) {
    server.close();
    err.println("thermocline: stopped");
    err.flush();
  }

  private ServerOptions options() throws IOException {
    HttpSettings defaults = HttpSettings.defaults();
    HttpSettings http =
        new HttpSettings(
            flags.host(),
            flags.port(),
            flags.apiKeys(),
            flags.allowedHosts(),
            flags.corsOrigins(),
            flags.bodyBytes(),
            defaults.idleTimeout(),
            defaults.headTimeout(),
            defaults.bodyTimeout(),
            defaults.pingInterval());
    PoolSettings models =
        new PoolSettings(engine, flags.queue(), flags.modelBytes(), flags.keepAlive());
    return new ServerOptions(http, models, flags.grace());
  }

  private ModelEntry primary() throws IOException {
    Path path = ModelArgument.path(flags.model());
    String name = path.getFileName().toString().replaceFirst("(?i)\\.gguf$", "");
    boolean isFile = flags.model() == null || Files.exists(Path.of(flags.model()));
    String id = isFile || flags.model() == null ? name : flags.model().replaceFirst("^hf:", "");
    return new ModelEntry(
        flags.alias() == null ? id : flags.alias(),
        path,
        Files.size(path),
        Files.getLastModifiedTime(path).toInstant());
  }

  private void warnIfOpen(HttpSettings http) throws IOException {
    if (http.apiKeys().isEmpty() && !InetAddress.getByName(http.host()).isLoopbackAddress()) {
      err.println(
          "thermocline: warning: "
              + http.host()
              + " can be reached from other machines and no API key is set: anybody there may use"
              + " this server (--api-key-file)");
    }
  }

  private static String shown(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
