package dev.thermocline.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium, driven through chromedriver by the W3C's WebDriver protocol, which is JSON
 * over HTTP.
 */
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--window-size=1280,860");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  private Browser(Process driver, int port, Path profile, Path downloads)
      throws IOException, InterruptedException {
    this.driver = driver;
    String base = "http://127.0.0.1:" + port + "/session";
    List<String> arguments = new ArrayList<>(ARGUMENTS);
    arguments.add("--user-data-dir=" + profile);
    Map<String, Object> chromium =
        Map.of(
            "binary", find("chromium").orElseThrow().toString(),
            "args", arguments,
            "prefs", Map.of("download.default_directory", downloads.toString()));
    Map<String, Object> wanted =
        Map.of("goog:chromeOptions", chromium, "goog:loggingPrefs", Map.of("browser", "ALL"));
    JsonNode value = send(base, Map.of("capabilities", Map.of("alwaysMatch", wanted)));
    this.session = base + "/" + value.path("sessionId").asString();
  }

  /** Whether both programs are there. */
  static boolean available() {
    return find("chromium").isPresent() && find("chromedriver").isPresent();
  }

  private static Optional<Path> find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Starts with an empty profile in a folder, which is left to the caller. */
  static Browser start(Path folder) throws IOException, InterruptedException {
    Process driver =
        new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).start();
    BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        Thread.ofVirtual().start(() -> output.lines().forEach(rest -> {}));
        Path downloads = Files.createDirectories(folder.resolve("downloads"));
        return new Browser(
            driver, Integer.parseInt(port.group(1)), folder.resolve("profile"), downloads);
      }
    }
    throw new IOException("chromedriver: expected a port, got exit code " + driver.waitFor());
  }

  private JsonNode send(String address, @Nullable Object body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }
    JsonNode value =
        JSON.readTree(http.send(request.build(), BodyHandlers.ofString()).body()).path("value");
    if (value.has("error")) {
      throw new IOException(
          value.path("error").asString() + ": " + value.path("message").asString());
    }
    return value;
  }

  private JsonNode post(String command, Object body) throws IOException, InterruptedException {
    return send(session + "/" + command, body);
  }

  void open(String address) throws IOException, InterruptedException {
    post("url", Map.of("url", address));
  }

  void reload() throws IOException, InterruptedException {
    post("refresh", Map.of());
  }

  void size(int width, int height) throws IOException, InterruptedException {
    post("window/rect", Map.of("width", width, "height", height));
  }

  /** The value of the body of a JavaScript function. */
  JsonNode run(String script, Object... arguments) throws IOException, InterruptedException {
    return post("execute/sync", Map.of("script", script, "args", List.of(arguments)));
  }

  /** A command of Chromium's own protocol. */
  JsonNode devtools(String command, Map<String, Object> parameters)
      throws IOException, InterruptedException {
    return post("goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  private String element(String selector) throws IOException, InterruptedException {
    return post("element", Map.of("using", "css selector", "value", selector))
        .path(ELEMENT)
        .asString();
  }

  /** Clicks as a user does: what is hidden or covered is refused. */
  void click(String selector) throws IOException, InterruptedException {
    post("element/" + element(selector) + "/click", Map.of());
  }

  /** Types into an element; keys without a character are WebDriver's private ones. */
  void type(String selector, String text) throws IOException, InterruptedException {
    post("element/" + element(selector) + "/value", Map.of("text", text));
  }

  void clear(String selector) throws IOException, InterruptedException {
    post("element/" + element(selector) + "/clear", Map.of());
  }

  String text(String selector) throws IOException, InterruptedException {
    return run("return document.querySelector(arguments[0])?.textContent ?? ''", selector)
        .asString();
  }

  byte[] screenshot() throws IOException, InterruptedException {
    return Base64.getDecoder().decode(send(session + "/screenshot", null).asString());
  }

  /** What was written to the console since the last call, refusals by the policy among it. */
  List<String> console() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    post("se/log", Map.of("type", "browser"))
        .forEach(entry ->
            lines.add(entry.path("level").asString() + " " + entry.path("message").asString()));
    return lines;
  }

  @Override
  public void close() throws IOException {
    try {
      http.send(
          HttpRequest.newBuilder(URI.create(session)).DELETE().build(), BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      http.close();
      driver.destroy();
    }
  }
}
