package dev.thermocline.models.store;

import static dev.thermocline.models.store.FakeHub.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulling a file from any web server, which tells no digest. */
final class LinkPullTest {
  private static final byte[] OLD = bytes(100_000, 1);
  private static final byte[] NEW = bytes(90_000, 2);

  @TempDir Path folder;
  private final FakeHub fake = new FakeHub();

  @AfterEach
  void close() {
    fake.close();
  }

  private StoredModel pull(String path) throws Exception {
    return fake.pull(folder, fake.content.at("localhost", path).toString());
  }

  @Test
  void keepsItApartFromTheHubsCache() throws Exception {
    fake.content.on("/files/Tiny-q8_0.gguf", FakeServer.file(OLD, "\"1\""));
    StoredModel model = pull("/files/Tiny-q8_0.gguf?key=secret");
    assertEquals("localhost/Tiny:Q8_0", model.name());
    assertTrue(model.path().startsWith(folder.resolve("links")));
    assertArrayEquals(OLD, Files.readAllBytes(model.path()));
    assertNull(fake.content.requests().getFirst().authorization());
    URI link = fake.content.at("localhost", "/files/Tiny-q8_0.gguf");
    assertEquals(
        model.path(), fake.store(folder).find(new ModelReference.Link(link)).orElseThrow().path());
  }

  @Test
  void startsAnewWhenTheFileChangesOnTheWay() throws Exception {
    fake.content.onEach(
        "/m.gguf",
        FakeServer.breaking(OLD, 70_000, "ETag", "\"1\""),
        FakeServer.file(NEW, "\"2\""));
    StoredModel model = pull("/m.gguf");
    assertArrayEquals(NEW, Files.readAllBytes(model.path()));
    assertEquals("\"1\"", fake.content.requests().get(1).ifRange());
    try (var blobs = Files.list(folder.resolve("links/models--localhost--m/blobs"))) {
      assertEquals(1, blobs.count());
    }
  }

  @Test
  void goesOnWhileTheFileIsTheSame() throws Exception {
    fake.content.onEach(
        "/m.gguf",
        FakeServer.breaking(OLD, 70_000, "ETag", "\"1\""),
        FakeServer.file(OLD, "\"1\""));
    assertArrayEquals(OLD, Files.readAllBytes(pull("/m.gguf").path()));
    String range = fake.content.requests().get(1).range();
    assertTrue(range != null && range.matches("bytes=[1-9]\\d*-"), range);
  }

  @Test
  void startsAnewWhereNothingTellsWhetherItIsTheSame() throws Exception {
    fake.content.onEach("/m.gguf", FakeServer.breaking(OLD, 70_000), FakeServer.whole(NEW));
    assertArrayEquals(NEW, Files.readAllBytes(pull("/m.gguf").path()));
    assertNull(fake.content.requests().get(1).range());
  }

  @Test
  void fetchesAllParts() throws Exception {
    fake.content.on("/x/m-00001-of-00002.gguf", FakeServer.file(OLD, "\"1\""));
    fake.content.on("/x/m-00002-of-00002.gguf", FakeServer.file(NEW, "\"2\""));
    StoredModel model = pull("/x/m-00001-of-00002.gguf");
    assertEquals("localhost/m:m", model.name());
    assertArrayEquals(NEW, Files.readAllBytes(model.paths().get(1)));
  }

  @Test
  void keepsBothVersionsOfAFileThatChanged() throws Exception {
    fake.content.on("/m.gguf", FakeServer.file(OLD, "\"1\""));
    StoredModel first = pull("/m.gguf");
    fake.content.on("/m.gguf", FakeServer.file(NEW, "\"2\""));
    StoredModel second = pull("/m.gguf");
    assertEquals("localhost/m:m", second.name());
    assertArrayEquals(OLD, Files.readAllBytes(first.path()));
    assertEquals(2, fake.store(folder).list().size());
  }
}
