package dev.thermocline.models.store;

import static dev.thermocline.models.store.FakeHub.REPO;
import static dev.thermocline.models.store.FakeHub.blob;
import static dev.thermocline.models.store.FakeHub.bytes;
import static dev.thermocline.models.store.FakeHub.resolve;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way, and what the user is told. */
final class PullFailuresTest {
  private static final String TREE = "/api/models/" + REPO + "/tree/main";
  private static final String FILE = "tiny-Q4_K_M.gguf";
  private static final byte[] CONTENT = bytes(50_000, 1);

  @TempDir Path folder;
  private final FakeHub fake = new FakeHub();

  @AfterEach
  void close() {
    fake.close();
  }

  private String failure(String text) {
    String message = assertThrows(StoreException.class, () -> fake.pull(folder, text)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains(FakeHub.TOKEN), message);
    return message;
  }

  private String failure() {
    return failure("hf:maker/model-GGUF");
  }

  private static void contains(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void saysThatTheHubWantsAToken() {
    fake.hub.on(TREE, FakeServer.status(401));
    contains(failure(), "maker/model-GGUF", "401", "HF_TOKEN");
    fake.hub.on(TREE, FakeServer.status(403, "X-Error-Message", "Access is restricted"));
    contains(failure(), "403", "gated", "accept its terms", "(Access is restricted)");
  }

  @Test
  void saysWhatIsNotThere() {
    contains(failure(), "maker/model-GGUF", "404", "not found");
    fake.offer(FILE, CONTENT, FakeServer.status(404));
    contains(failure(), FILE, "404", "localhost");
    contains(failure("hf:maker/model-GGUF:Q2_K"), "has no Q2_K", "Q4_K_M");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void asksBusyServersAgain(int status) throws Exception {
    fake.offer(
        FILE,
        CONTENT,
        FakeServer.status(status, "Retry-After", "0"),
        FakeServer.status(status),
        FakeServer.whole(CONTENT));
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
    assertEquals(3, fake.content.requests().size());
  }

  @Test
  void givesUpOnServersThatStayBusy() {
    fake.offer(FILE, CONTENT, FakeServer.status(503));
    contains(failure(), FILE, "503", "tried 4 times");
    assertEquals(4, fake.content.requests().size());
  }

  @Test
  void givesUpOnConnectionsThatAlwaysBreak() {
    fake.offer(FILE, CONTENT, FakeServer.breaking(CONTENT, 10));
    contains(failure(), "broke off", "of 50000 bytes", "tried 4 times");
  }

  @Test
  void givesUpOnServersThatAreNotThere() throws Exception {
    fake.offer(FILE, CONTENT);
    fake.content.close();
    contains(failure(), "tried 4 times");
  }

  @Test
  void givesUpOnSilentServers() {
    for (boolean begun : new boolean[] {false, true}) {
      fake.offer(
          FILE,
          CONTENT,
          exchange -> {
            if (begun) {
              exchange.sendResponseHeaders(200, CONTENT.length);
              exchange.getResponseBody().write(CONTENT, 0, 100);
              exchange.getResponseBody().flush();
            }
            sleep();
          });
      ModelStore store =
          new ModelStore(fake.settings(folder, FakeHub.TOKEN, Duration.ofMillis(300)));
      StoreException e =
          assertThrows(
              StoreException.class,
              () -> store.pull(new ModelReference.Hub(REPO, "main", null), PullListener.NONE));
      contains(e.getMessage(), begun ? "nothing came for 0.300 s" : "no answer in time");
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(Duration.ofMinutes(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void stopsRedirectsThatGoRoundOrElsewhere() {
    fake.offer(FILE, CONTENT);
    String file = resolve("main", FILE);
    fake.hub.on(file, FakeServer.redirect(fake.hub.at(file)));
    contains(failure(), "more than 10 redirects");
    fake.hub.on(file, FakeServer.redirect(URI.create("file:///etc/passwd")));
    contains(failure(), "something else than a web address");
    fake.hub.on(file, FakeServer.status(302));
    contains(failure(), "redirects");
  }

  @Test
  void refusesARangeErrorWithoutARange() {
    fake.offer(FILE, CONTENT, FakeServer.status(416));
    contains(failure(), FILE, "416");
  }

  @Test
  void refusesMoreThanWasAnnounced() {
    fake.offer(
        FILE,
        CONTENT,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(CONTENT);
          exchange.getResponseBody().write(CONTENT);
        });
    contains(failure(), "expected 50000 bytes", "more");
    assertFalse(Files.exists(blob(folder, CONTENT)));
  }

  @Test
  void refusesWhatDoesNotFitTheDisk() {
    fake.offer(FILE, CONTENT);
    fake.hub.on(
        resolve("main", FILE),
        FakeServer.redirect(
            fake.content.at("localhost", "/" + FILE), "X-Linked-Size", "900000000000000000"));
    contains(failure(), "needs 900000000000000000 bytes more");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatTheDiskIsFull() throws Exception {
    fake.offer(FILE, CONTENT);
    Path blob = blob(folder, CONTENT);
    Files.createDirectories(blob.getParent());
    Files.createSymbolicLink(
        blob.resolveSibling(blob.getFileName() + ".incomplete"), Path.of("/dev/full"));
    contains(failure(), ".incomplete", "cannot be written", "No space left on device");
  }

  @Test
  void refusesHostileLists() {
    fake.list("../../escape-Q8_0.gguf", 10, "0".repeat(64));
    fake.list("/etc/escape-Q8_0.gguf", 10, "0".repeat(64));
    contains(failure(), "has no GGUF file");
    for (String body :
        new String[] {"{}", "", "[{\"path\":", "[1]", "[" + "[".repeat(100_000), "<html>"}) {
      fake.hub.on(TREE, FakeServer.json(body));
      contains(failure(), "maker/model-GGUF: expected a list of files");
    }
  }

  @Test
  void leavesAFileToTheProcessThatPullsIt() throws Exception {
    fake.offer(FILE, CONTENT);
    Path lock =
        folder
            .resolve("hub/.locks/models--maker--model-GGUF")
            .resolve(FakeHub.sha256(CONTENT) + ".lock");
    try (FileChannel taken = FileLocks.take(lock, FILE)) {
      assertTrue(taken.isOpen());
      contains(failure(), FILE, "another process");
    }
    fake.pull(folder, "hf:maker/model-GGUF");
  }

  @Test
  void listsTheCandidatesWhereSeveralAreMeant() {
    fake.offer("a-Q5_K_M.gguf", CONTENT);
    fake.offer("a-Q6_K.gguf", CONTENT);
    fake.offer("mmproj-a-Q8_0.gguf", CONTENT);
    contains(failure(), "name one", "Q5_K_M, Q6_K");
  }
}
