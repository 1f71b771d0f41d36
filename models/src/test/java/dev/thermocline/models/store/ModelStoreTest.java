package dev.thermocline.models.store;

import static dev.thermocline.models.store.FakeHub.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listing, finding and removing, in a cache that other tools write to as well. */
final class ModelStoreTest {
  private static final String NEW = "a".repeat(40);
  private static final String OLD = "b".repeat(40);

  private final Path folder;
  private final ModelStore store;

  ModelStoreTest(@TempDir Path folder) {
    this.folder = folder;
    this.store =
        new ModelStore(
            new StoreSettings(
                folder.resolve("hub"),
                folder.resolve("links"),
                URI.create("http://127.0.0.1:1"),
                null,
                true,
                Patience.USUAL));
  }

  /** What another tool leaves. */
  private void put(String repo, String commit, String path, String blob, int size)
      throws Exception {
    Path root = folder.resolve("hub").resolve("models--" + repo.replace("/", "--"));
    Files.createDirectories(root.resolve("blobs"));
    Files.write(root.resolve("blobs").resolve(blob), bytes(size, 1));
    Path link = root.resolve("snapshots").resolve(commit).resolve(path);
    Path parent = Objects.requireNonNull(link.getParent());
    Files.createDirectories(parent);
    Files.createSymbolicLink(link, parent.relativize(root.resolve("blobs/" + blob)));
    Files.createDirectories(root.resolve("refs"));
    Files.writeString(root.resolve("refs/main"), NEW);
  }

  private List<String> names() throws Exception {
    return store.list().stream().map(StoredModel::name).toList();
  }

  @Test
  void listsWhatOtherToolsFetched() throws Exception {
    assertEquals(List.of(), store.list());
    put("x/y", NEW, "sub/y-Q8_0.gguf", "one", 100);
    put("x/y", NEW, "config.json", "two", 10);
    put("x/y", NEW, "mmproj-f16.gguf", "three", 10);
    put("solo", NEW, "model.gguf", "one", 7);
    Files.createDirectories(folder.resolve("hub/datasets--x--y"));
    assertEquals(List.of("solo:model", "x/y:Q8_0"), names());
    StoredModel model = store.list().getLast();
    assertEquals(100, model.bytes());
    assertEquals("sub/y-Q8_0.gguf", model.file());
  }

  @Test
  void leavesOutWhatIsNotComplete() throws Exception {
    put("x/y", NEW, "y-00001-of-00002.gguf", "one", 100);
    assertEquals(List.of(), names());
    put("x/y", NEW, "y-00002-of-00002.gguf", "two", 50);
    assertEquals(150, store.find("y").orElseThrow().bytes());
    Files.delete(folder.resolve("hub/models--x--y/blobs/two"));
    assertEquals(List.of(), names());
  }

  @Test
  void findsByWhatPeopleCallIt() throws Exception {
    put("x/y", NEW, "y-Q8_0.gguf", "one", 100);
    put("x/y", NEW, "y-Q4_K_M.gguf", "two", 50);
    put("x/y", OLD, "y-Q8_0.gguf", "three", 90);
    assertEquals(List.of("x/y:Q4_K_M", "x/y:Q8_0", "x/y@bbbbbbbb:Q8_0"), names());
    for (String name : names()) {
      assertEquals(name, store.find(name).orElseThrow().name());
    }
    assertEquals("x/y:Q8_0", store.find("Y:q8_0").orElseThrow().name());
    assertEquals("x/y:Q8_0", store.find("hf:x/y:y-Q8_0.gguf").orElseThrow().name());
    assertEquals("x/y:Q4_K_M", store.find("y").orElseThrow().name());
    assertTrue(store.find("y:Q2_K").isEmpty());
    assertTrue(store.find("z").isEmpty());
    assertTrue(store.find("../x").isEmpty());
    assertThrows(StoreException.class, () -> store.findOnly("y"));
    put("z/y", NEW, "y-Q8_0.gguf", "one", 100);
    StoreException several = assertThrows(StoreException.class, () -> store.find("y:Q8_0"));
    assertTrue(several.getMessage().contains("x/y:Q8_0"), several::getMessage);
    assertTrue(several.getMessage().contains("z/y:Q8_0"), several::getMessage);
  }

  @Test
  void removesOnlyWhatNoOtherSnapshotUses() throws Exception {
    put("x/y", NEW, "y-Q8_0.gguf", "shared", 100);
    put("x/y", OLD, "y-Q8_0.gguf", "shared", 100);
    put("x/y", NEW, "y-Q4_K_M.gguf", "own", 50);
    Path blobs = folder.resolve("hub/models--x--y/blobs");
    store.remove(store.find("x/y:Q8_0").orElseThrow());
    assertTrue(Files.exists(blobs.resolve("shared")));
    assertEquals(50, store.remove(store.find("x/y:Q4_K_M").orElseThrow()));
    assertFalse(Files.exists(blobs.resolve("own")));
    assertEquals(List.of("x/y:Q8_0"), names());
    store.remove(store.find("x/y:Q8_0").orElseThrow());
    assertFalse(Files.exists(folder.resolve("hub/models--x--y")));
  }

  @Test
  void keepsOtherFilesOfTheRepository() throws Exception {
    put("x/y", NEW, "y-Q8_0.gguf", "one", 100);
    put("x/y", NEW, "config.json", "two", 10);
    store.remove(store.find("y").orElseThrow());
    assertTrue(Files.exists(folder.resolve("hub/models--x--y/snapshots/" + NEW + "/config.json")));
    assertFalse(Files.exists(folder.resolve("hub/models--x--y/blobs/one")));
  }

  @Test
  void readsTheVariablesOfTheHubsTools() throws Exception {
    Path home = folder.resolve("home");
    var usual = StoreSettings.of(Map.of(), home);
    assertEquals(home.resolve(".cache/huggingface/hub"), usual.hubCache());
    assertEquals(URI.create("https://huggingface.co"), usual.endpoint());
    assertEquals(null, usual.token());
    Files.createDirectories(home.resolve("hf"));
    Files.writeString(home.resolve("hf/token"), " hf_file\n");
    var chosen =
        StoreSettings.of(
            Map.of("HF_HOME", home + "/hf", "HF_ENDPOINT", "http://m:1/", "HF_HUB_OFFLINE", "1"),
            home);
    assertEquals(home.resolve("hf/hub"), chosen.hubCache());
    assertEquals("hf_file", chosen.token());
    assertEquals(URI.create("http://m:1"), chosen.endpoint());
    assertTrue(chosen.offline());
    assertFalse(chosen.toString().contains("hf_file"));
    var other = StoreSettings.of(Map.of("HF_HUB_CACHE", "/c", "HF_TOKEN", "hf_env"), home);
    assertEquals(Path.of("/c"), other.hubCache());
    assertEquals("hf_env", other.token());
    assertThrows(StoreException.class, () -> StoreSettings.of(Map.of("HF_TOKEN", "a\nb"), home));
    assertThrows(StoreException.class, () -> StoreSettings.of(Map.of("HF_ENDPOINT", "m"), home));
    assertEquals(Duration.ofSeconds(15), usual.patience().connect());
  }
}
