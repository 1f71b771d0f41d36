package dev.thermocline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.thermocline.models.DefaultModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The commands of the store as processes, from the first pull to the removal, against a hub on this
 * machine that has the default model under another name.
 */
final class StoreCommandsTest {
  private static final String REPO = "maker/story-GGUF";
  private static final String FILE = "story-Q8_0.gguf";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Path folder;
  private final HttpServer hub;
  private final byte[] content;

  StoreCommandsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    content = Files.readAllBytes(DefaultModel.path());
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    String list =
        "[{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"lfs\":{\"oid\":\"%s\"}}]"
            .formatted(FILE, content.length, sha256);
    answer("/api/models/" + REPO + "/tree/main", list.getBytes(StandardCharsets.UTF_8));
    answer("/" + REPO + "/resolve/main/" + FILE, content);
    hub.start();
  }

  private void answer(String path, byte[] body) {
    hub.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @AfterEach
  void stop() {
    hub.stop(0);
  }

  /** What a command left. */
  private record Result(int exit, String out, String err) {}

  private Result run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.thermocline.cli.Main"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder process =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = process.environment();
    environment.keySet().removeIf(name -> name.startsWith("HF_") || name.startsWith("HUGGING"));
    environment.put("HF_HOME", folder.resolve("home").toString());
    environment.put("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort());
    environment.put("THERMOCLINE_CACHE", folder.resolve("cache").toString());
    Process running = process.start();
    running.getOutputStream().close();
    return new Result(running.waitFor(), Files.readString(out), Files.readString(err));
  }

  private Result good(String... arguments) throws Exception {
    Result result = run(arguments);
    assertEquals(0, result.exit(), result.err());
    return result;
  }

  @Test
  void keepsAModelFromPullToRemoval() throws Exception {
    Path path =
        folder.resolve("home/hub/models--maker--story-GGUF/snapshots/" + COMMIT + "/" + FILE);
    Result missing = run("run", "hf:" + REPO, "-p", "x");
    assertEquals(1, missing.exit());
    assertTrue(missing.err().contains("thermocline pull hf:" + REPO), missing.err());

    Result pulled = good("pull", "hf:" + REPO);
    assertEquals(path + System.lineSeparator(), pulled.out());
    assertTrue(pulled.err().contains("MiB of"), pulled.err());

    JsonNode listed = new JsonMapper().readTree(good("list", "--json").out()).get("models").get(0);
    assertEquals(REPO + ":Q8_0", listed.get("name").asString());
    assertEquals(content.length, listed.get("bytes").asLong());
    assertEquals(path.toString(), listed.get("path").asString());
    assertTrue(good("list").out().contains("Q8_0"));

    String text = good("run", "story-gguf", "-p", "Once", "-n", "4", "--temp", "0").out();
    assertEquals(good("run", "-p", "Once", "-n", "4", "--temp", "0").out(), text);

    assertEquals(1, run("rm", REPO + ":Q8_0").exit());
    assertTrue(Files.exists(path));
    good("rm", "--yes", REPO + ":Q8_0");
    assertFalse(Files.exists(path));
    assertTrue(good("list").err().contains("no models yet"));
  }

  @Test
  void tellsProgramsWhatHappens() throws Exception {
    List<JsonNode> events =
        good("pull", "--json", REPO).out().lines().map(new JsonMapper()::readTree).toList();
    assertEquals("begin", events.getFirst().get("event").asString());
    JsonNode done = events.getLast();
    assertEquals("done", done.get("event").asString());
    assertEquals(REPO + ":Q8_0", done.get("name").asString());
    JsonNode last = events.get(events.size() - 3);
    assertEquals("progress", last.get("event").asString());
    assertEquals(content.length, last.get("part").asLong());
  }

  @Test
  void failsInOneLine() throws Exception {
    Result result = run("pull", "hf:maker/nothing");
    assertEquals(1, result.exit());
    assertTrue(
        result.err().contains("thermocline: maker/nothing: 404 not found on 127.0.0.1"),
        result.err());
    assertEquals(2, run("pull").exit());
  }
}
