package dev.thermocline.models.store;

import static dev.thermocline.models.store.FakeHub.COMMIT;
import static dev.thermocline.models.store.FakeHub.REPO;
import static dev.thermocline.models.store.FakeHub.blob;
import static dev.thermocline.models.store.FakeHub.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulling from a hub that keeps contents on another server. */
final class PullTest {
  private static final String FILE = "tiny-Q4_K_M.gguf";
  private static final byte[] CONTENT = bytes(100_000, 1);

  @TempDir Path folder;
  private final FakeHub fake = new FakeHub();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void laysOutTheCacheAsOtherToolsDo() throws Exception {
    fake.offer(FILE, CONTENT);
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");

    Path repo = folder.resolve("hub/models--maker--model-GGUF");
    Path link = repo.resolve("snapshots").resolve(COMMIT).resolve(FILE);
    assertEquals(link, model.path());
    assertEquals("maker/model-GGUF:Q4_K_M", model.name());
    assertArrayEquals(CONTENT, Files.readAllBytes(link));
    assertEquals(Path.of("../../blobs/" + FakeHub.sha256(CONTENT)), Files.readSymbolicLink(link));
    assertEquals(COMMIT, Files.readString(repo.resolve("refs/main")));
    assertEquals(List.of(blob(folder, CONTENT)), files(repo.resolve("blobs")));
  }

  private static List<Path> files(Path folder) throws Exception {
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }

  @Test
  void showsTheTokenToTheHubAlone() throws Exception {
    fake.offer(FILE, CONTENT);
    fake.pull(folder, "hf:maker/model-GGUF");
    assertFalse(fake.hub.requests().isEmpty());
    assertTrue(
        fake.hub.requests().stream()
            .allMatch(r -> ("Bearer " + FakeHub.TOKEN).equals(r.authorization())));
    assertEquals(1, fake.content.requests().size());
    assertNull(fake.content.requests().getFirst().authorization());
  }

  @Test
  void showsTheTokenToNobodyOnceItHasLeftTheHub() throws Exception {
    fake.offer(FILE, CONTENT);
    fake.hub.on("/back", FakeServer.file(CONTENT, "\"x\""));
    fake.content.on("/" + FILE, FakeServer.redirect(fake.hub.at("/back")));
    fake.pull(folder, "hf:maker/model-GGUF");
    assertNull(fake.hub.requests("/back").getFirst().authorization());
  }

  @Test
  void asksForTheRestAfterABrokenConnection() throws Exception {
    String tag = "\"content-" + FakeHub.sha256(CONTENT) + "\"";
    fake.offer(
        FILE,
        CONTENT,
        FakeServer.breaking(CONTENT, 70_000, "ETag", tag),
        FakeServer.file(CONTENT, tag));
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
    FakeServer.Request last = fake.content.requests().getLast();
    assertEquals(2, fake.content.requests().size());
    assertTrue(last.range() != null && last.range().matches("bytes=[1-9]\\d*-"), last.toString());
    assertEquals(tag, last.ifRange());
  }

  @Test
  void goesOnWhereAnotherProcessStopped() throws Exception {
    fake.offer(FILE, CONTENT);
    incomplete(Arrays.copyOf(CONTENT, 60_000));
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
    assertEquals("bytes=60000-", fake.content.requests().getLast().range());
  }

  private void incomplete(byte[] part) throws Exception {
    Path path = blob(folder, CONTENT);
    Files.createDirectories(path.getParent());
    Files.write(path.resolveSibling(path.getFileName() + ".incomplete"), part);
  }

  @Test
  void completesWhatIsAllThere() throws Exception {
    fake.offer(FILE, CONTENT);
    incomplete(CONTENT);
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
  }

  @Test
  void removesAFileWithAnotherDigest() throws Exception {
    fake.offer(FILE, CONTENT);
    incomplete(new byte[60_000]);
    StoreException e =
        assertThrows(StoreException.class, () -> fake.pull(folder, "hf:maker/model-GGUF"));
    assertTrue(
        e.getMessage().contains("expected SHA-256 " + FakeHub.sha256(CONTENT)), e::getMessage);
    assertEquals(List.of(), files(folder.resolve("hub/models--maker--model-GGUF/blobs")));
    assertArrayEquals(CONTENT, Files.readAllBytes(fake.pull(folder, "hf:maker/model-GGUF").path()));
  }

  @Test
  void startsAnewWhereTheServerIgnoresRanges() throws Exception {
    fake.offer(FILE, CONTENT, FakeServer.whole(CONTENT));
    incomplete(Arrays.copyOf(CONTENT, 60_000));
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
    assertEquals(2, fake.content.requests().size());
  }

  @Test
  void startsAnewAfterRangeNotSatisfiable() throws Exception {
    fake.offer(
        FILE,
        CONTENT,
        FakeServer.whole(CONTENT),
        FakeServer.status(416, "Content-Range", "bytes */10"),
        FakeServer.whole(CONTENT));
    incomplete(Arrays.copyOf(CONTENT, 60_000));
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
  }

  @Test
  void startsAnewWhereTheServerSendsAnotherPart() throws Exception {
    fake.offer(
        FILE,
        CONTENT,
        FakeServer.whole(CONTENT),
        exchange -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 0-99999/100000");
          exchange.sendResponseHeaders(206, CONTENT.length);
          exchange.getResponseBody().write(CONTENT);
        },
        FakeServer.whole(CONTENT));
    incomplete(Arrays.copyOf(CONTENT, 60_000));
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF");
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
  }

  @Test
  void fetchesNothingTwice() throws Exception {
    fake.offer(FILE, CONTENT);
    ModelReference wanted = ModelReference.parse("hf:maker/model-GGUF", fake.hub.at(""));
    List<Boolean> fetched = new ArrayList<>();
    PullListener listener =
        new PullListener() {
          @Override
          public void ends(String file, String sha256, boolean now) {
            assertEquals(FakeHub.sha256(CONTENT), sha256);
            fetched.add(now);
          }
        };
    Path first = fake.store(folder).pull(wanted, listener).path();
    assertEquals(first, fake.store(folder).pull(wanted, listener).path());
    assertEquals(List.of(true, false), fetched);
  }

  @Test
  void fetchesAllPartsOfOneCommit() throws Exception {
    byte[] second = bytes(5000, 2);
    fake.offer("big-Q8_0-00001-of-00002.gguf", CONTENT);
    fake.offer("big-Q8_0-00002-of-00002.gguf", second);
    StoredModel model = fake.pull(folder, "hf:maker/model-GGUF:big-Q8_0-00002-of-00002.gguf");
    assertEquals(2, model.paths().size());
    assertEquals(CONTENT.length + second.length, model.bytes());
    assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
    assertArrayEquals(second, Files.readAllBytes(model.paths().get(1)));
    String later = FakeHub.resolve(COMMIT, "big-Q8_0-00002-of-00002.gguf");
    assertEquals(1, fake.hub.requests(later).size());
  }

  @Test
  void takesLinksToFilesAndPages() throws Exception {
    fake.offer("sub/a-Q8_0.gguf", CONTENT);
    fake.offer("b-Q8_0.gguf", bytes(100, 3));
    String page = "https://huggingface.co/" + REPO + "/blob/main/sub/a-Q8_0.gguf";
    assertEquals("sub/a-Q8_0.gguf", fake.pull(folder, page).file());
    String file = fake.hub.at(FakeHub.resolve("main", "b-Q8_0.gguf")) + "?download=true";
    assertEquals("b-Q8_0.gguf", fake.pull(folder, file).file());
  }

  @Test
  void usesNoNetworkWhenOffline() throws Exception {
    fake.offer(FILE, CONTENT);
    StoreSettings on = fake.settings(folder);
    ModelStore off =
        new ModelStore(
            new StoreSettings(
                on.hubCache(), on.linkCache(), on.endpoint(), null, true, on.patience()));
    ModelReference wanted = ModelReference.parse("hf:maker/model-GGUF:Q4_K_M", on.endpoint());
    StoreException e =
        assertThrows(StoreException.class, () -> off.pull(wanted, PullListener.NONE));
    assertTrue(e.getMessage().contains("HF_HUB_OFFLINE"), e::getMessage);
    assertEquals(List.of(), fake.hub.requests());
    Path here = fake.pull(folder, "hf:maker/model-GGUF").path();
    assertEquals(here, off.pull(wanted, PullListener.NONE).path());
  }
}
