package dev.thermocline.cli;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Serves models over HTTP. What it needs of the server is in {@link ServeSession}, so that other
 * commands load none of it.
 */
@Command(
    name = "serve",
    description = "Serves models over HTTP, with OpenAI's interface.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline serve",
      "  thermocline serve model.gguf --port 8080 --parallel 8",
      "  thermocline serve owner/repo:Q4_K_M --host 0.0.0.0 --api-key-file keys.txt",
      "",
      "Ctrl-C or SIGTERM lets answers under way finish, for at most --grace seconds."
    })
final class ServeCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A GGUF file or a name from the store; the embedded story model if left out.")
  private @Nullable String model;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "N", description = "Port (${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      description = "Name of the model in the API; the file's name if left out.")
  private @Nullable String alias;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      split = ",",
      description =
          "Lets only clients with this key in; may be repeated. Other users of this machine can see"
              + " command lines: prefer THERMOCLINE_API_KEY or --api-key-file.")
  private List<String> apiKeys = new ArrayList<>();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "Keys, one a line; empty lines and those that begin with # do not count.")
  private @Nullable Path apiKeyFile;

  @Option(
      names = "--allowed-host",
      paramLabel = "NAME",
      split = ",",
      description =
          "A name that a server on the loopback address without keys may be called by, besides"
              + " localhost: that of a reverse proxy; * for all; may be repeated.")
  private List<String> allowedHosts = new ArrayList<>();

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      split = ",",
      description =
          "Lets pages of this origin use the server, such as http://localhost:3000; * for all; may"
              + " be repeated.")
  private List<String> corsOrigins = new ArrayList<>();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Texts computed at a time (${DEFAULT-VALUE}).")
  private int parallel = 8;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "Texts that may wait; more are refused with 429 (${DEFAULT-VALUE}).")
  private int queue = 128;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Most tokens of a forward pass (${DEFAULT-VALUE}).")
  private int batch = 256;

  @Option(
      names = "--model-memory",
      paramLabel = "BYTES",
      description =
          "Most bytes of models loaded at a time, such as 24G; half of this machine's memory if"
              + " left out.")
  private @Nullable String modelMemory;

  @Option(
      names = "--keep-alive",
      paramLabel = "SECONDS",
      description =
          "How long a model loaded on demand stays when nobody uses it (${DEFAULT-VALUE}).")
  private long keepAlive = 300;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "Most bytes of a request (${DEFAULT-VALUE}).")
  private String maxBody = "16M";

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "For answers under way when the server is told to stop (${DEFAULT-VALUE}).")
  private long grace = 30;

  @Option(
      names = "--cache-tokens",
      paramLabel = "N",
      description =
          "Tokens that all answers together have room for; full contexts of all if left out.")
  private long cacheTokens;

  @Mixin private EngineFlags flags = new EngineFlags();

  @Mixin private ShiftFlags shift = new ShiftFlags();

  @Override
  public Integer call() throws Exception {
    EngineOptions options =
        flags.options().withSequences(parallel).withBatch(Math.max(batch, parallel));
    CacheOptions cache = options.cache().withTokens(cacheTokens);
    return new ServeSession(this, shift.in(options.withCache(cache))).run();
  }

  @Nullable String model() {
    return model;
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  @Nullable String alias() {
    return alias;
  }

  List<String> allowedHosts() {
    return allowedHosts;
  }

  List<String> corsOrigins() {
    return corsOrigins;
  }

  int queue() {
    return queue;
  }

  Duration keepAlive() {
    return Duration.ofSeconds(keepAlive);
  }

  Duration grace() {
    return Duration.ofSeconds(grace);
  }

  long bodyBytes() {
    return Bytes.parse(maxBody);
  }

  /** Bytes for models; by default half of what the machine has. */
  long modelBytes() {
    if (modelMemory != null) {
      return Bytes.parse(modelMemory);
    }
    var system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    return system instanceof com.sun.management.OperatingSystemMXBean memory
        ? memory.getTotalMemorySize() / 2
        : Long.MAX_VALUE;
  }

  /** Keys of flags and file. */
  Set<String> apiKeys() throws IOException {
    Set<String> all = new LinkedHashSet<>();
    apiKeys.stream().map(String::strip).filter(key -> !key.isEmpty()).forEach(all::add);
    if (apiKeyFile != null) {
      for (String line : Files.readAllLines(apiKeyFile)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          all.add(line.strip());
        }
      }
      if (all.isEmpty()) {
        throw new IOException(apiKeyFile + ": expected at least one key, got none");
      }
    }
    return all;
  }
}
