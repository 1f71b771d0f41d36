package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultModelTest {
  @TempDir Path folder;

  @Test
  void itIsTheModelThatTheDigestNames() throws IOException {
    assertEquals(DefaultModel.SHA256, DefaultModel.digest(DefaultModel.path()));
    try (Model model = Model.openDefault()) {
      assertEquals("nemotron", model.config().architecture());
      assertEquals(4096, model.tokenizer().size());
      assertFalse(model.tiedOutput());
      long layers = 0;
      for (int layer = 0; layer < model.config().nLayer(); layer++) {
        layers += model.attentionBytes(layer) + model.feedForwardBytes(layer);
      }
      assertEquals(1_114_112, model.embeddingBytes());
      // Whatever is in no layer is the table, the head and the last norm.
      assertEquals(
          model.gguf().tensors().stream().mapToLong(t -> t.bytes()).sum(),
          layers + model.embeddingBytes() + model.headBytes() + 2 * 4 * 256);
    }
  }

  @Test
  void aJarIsUnpackedOnceAndADamagedCopyReplaced() throws IOException {
    URL resource = jar(Files.readAllBytes(DefaultModel.path()));
    Path copy = DefaultModel.unpack(resource, folder);
    FileTime written = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(copy, written);
    assertEquals(copy, DefaultModel.unpack(resource, folder));
    assertEquals(written, Files.getLastModifiedTime(copy));
    Files.write(copy, new byte[] {1, 2, 3});
    assertEquals(copy, DefaultModel.unpack(resource, folder));
    assertEquals(DefaultModel.SHA256, DefaultModel.digest(copy));
    assertNotEquals(written, Files.getLastModifiedTime(copy));
    try (var files = Files.list(copy.getParent())) {
      assertEquals(1, files.count(), "a temporary file is left");
    }
  }

  @Test
  void aJarWithAnotherModelIsRefused() throws IOException {
    URL resource = jar(new byte[] {1, 2, 3});
    String message =
        assertThrows(IOException.class, () -> DefaultModel.unpack(resource, folder)).getMessage();
    assertTrue(message.contains(DefaultModel.SHA256), message);
  }

  private URL jar(byte[] model) throws IOException {
    Path jar = folder.resolve("models.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new ZipEntry(DefaultModel.NAME));
      entries.write(model);
    }
    return URI.create("jar:" + jar.toUri() + "!/" + DefaultModel.NAME).toURL();
  }

  @Test
  void theCacheIsWhereTheSystemKeepsCaches() {
    Path home = Path.of("home");
    assertEquals(
        Path.of("home", ".cache", "thermocline"), UserCache.folder(Map.of(), "Linux", home));
    assertEquals(
        Path.of("x", "thermocline"),
        UserCache.folder(Map.of("XDG_CACHE_HOME", "x"), "Linux", home));
    assertEquals(
        Path.of("chosen"), UserCache.folder(Map.of("THERMOCLINE_CACHE", "chosen"), "Linux", home));
    assertEquals(
        Path.of("home", "Library", "Caches", "thermocline"),
        UserCache.folder(Map.of(), "Mac OS X", home));
    assertEquals(
        Path.of("local", "thermocline"),
        UserCache.folder(Map.of("LOCALAPPDATA", "local"), "Windows 11", home));
  }
}
