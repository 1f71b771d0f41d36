package dev.thermocline.models.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A hub that redirects to another server for contents, and a store that uses it. */
final class FakeHub implements AutoCloseable {
  static final RepoId REPO = new RepoId("maker", "model-GGUF");
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String TOKEN = "hf_secret";

  final FakeServer hub = FakeServer.start();
  final FakeServer content = FakeServer.start();
  private final List<String> listed = new ArrayList<>();

  /** Bytes that no two seeds share. */
  static byte[] bytes(int count, int seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Digests.sha256().digest(bytes));
  }

  /** Offers a file of the repository. */
  FakeHub offer(String path, byte[] bytes) {
    return offer(path, bytes, FakeServer.file(bytes, "\"content-" + sha256(bytes) + "\""));
  }

  /** Offers a file whose content the second server gives in a way of its own. */
  FakeHub offer(String path, byte[] bytes, FakeServer.Answer first, FakeServer.Answer... further) {
    list(path, bytes.length, sha256(bytes));
    redirect("main", path, bytes);
    redirect(COMMIT, path, bytes);
    content.onEach("/" + path, first, further);
    return this;
  }

  void list(String path, long size, String oid) {
    listed.add(
        "{\"type\":\"file\",\"oid\":\"x\",\"size\":%d,\"path\":\"%s\",\"lfs\":{\"oid\":\"%s\"}}"
            .formatted(size, path, oid));
    hub.on(
        "/api/models/" + REPO + "/tree/main",
        FakeServer.json("[" + String.join(",", listed) + "]"));
  }

  private void redirect(String revision, String path, byte[] bytes) {
    hub.on(
        resolve(revision, path),
        FakeServer.redirect(
            content.at("localhost", "/" + path),
            "X-Repo-Commit",
            COMMIT,
            "X-Linked-Size",
            "" + bytes.length,
            "X-Linked-ETag",
            "\"" + sha256(bytes) + "\""));
  }

  static String resolve(String revision, String path) {
    return "/" + REPO + "/resolve/" + revision + "/" + path;
  }

  StoreSettings settings(Path folder) {
    return settings(folder, TOKEN, Duration.ofSeconds(30));
  }

  StoreSettings settings(Path folder, @Nullable String token, Duration read) {
    return new StoreSettings(
        folder.resolve("hub"),
        folder.resolve("links"),
        hub.at(""),
        token,
        false,
        new Patience(Duration.ofSeconds(10), read, 4, Duration.ofMillis(1), Duration.ofMillis(20)));
  }

  ModelStore store(Path folder) {
    return new ModelStore(settings(folder));
  }

  /** What a pull of this text does. */
  StoredModel pull(Path folder, String text) throws Exception {
    return store(folder).pull(ModelReference.parse(text, hub.at("")), PullListener.NONE);
  }

  static Path blob(Path folder, byte[] bytes) {
    return folder.resolve("hub").resolve(REPO.folder()).resolve("blobs").resolve(sha256(bytes));
  }

  @Override
  public void close() {
    hub.close();
    content.close();
  }
}
