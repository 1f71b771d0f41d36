package dev.thermocline.server;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.models.DefaultModel;
import dev.thermocline.server.http.HttpSettings;
import dev.thermocline.server.models.ModelCatalog;
import dev.thermocline.server.models.ModelEntry;
import dev.thermocline.server.models.PoolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Servers for tests, on free ports of the loopback address. */
final class TestServer {
  static final String KEY = "test-key";

  private EngineOptions engine =
      EngineOptions.defaults().withThreads(2).withDevice(DeviceMode.CPU).withSequences(4);
  private HttpSettings http = HttpSettings.defaults().withPort(0);
  private ModelCatalog catalog = ModelCatalog.NONE;
  private int queue = 64;
  private long memory = Long.MAX_VALUE;
  private Duration keepAlive = Duration.ofMinutes(5);
  private Duration grace = Duration.ofSeconds(10);

  TestServer engine(EngineOptions value) {
    engine = value;
    return this;
  }

  TestServer http(HttpSettings value) {
    http = value.withPort(0);
    return this;
  }

  TestServer queue(int value) {
    queue = value;
    return this;
  }

  TestServer grace(Duration value) {
    grace = value;
    return this;
  }

  TestServer catalog(ModelCatalog value, long memoryBytes, Duration kept) {
    catalog = value;
    memory = memoryBytes;
    keepAlive = kept;
    return this;
  }

  EngineOptions engine() {
    return engine;
  }

  /** Starts with the embedded model and waits for it. */
  ThermoclineServer start() throws IOException {
    return start("hearth", DefaultModel.path());
  }

  /** Starts with a model and waits for it. */
  ThermoclineServer start(String id, Path path) throws IOException {
    ThermoclineServer server = startOnly(id, path);
    server.ready().join();
    return server;
  }

  /** Starts and does not wait. */
  ThermoclineServer startOnly(String id, Path path) throws IOException {
    PoolSettings models = new PoolSettings(engine, queue, memory, keepAlive);
    return ThermoclineServer.start(
        new ServerOptions(http, models, grace), entry(id, path), catalog);
  }

  static ModelEntry entry(String id, Path path) throws IOException {
    return new ModelEntry(id, path, Files.size(path), Instant.ofEpochSecond(1_700_000_000));
  }
}
