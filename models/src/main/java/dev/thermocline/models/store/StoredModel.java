package dev.thermocline.models.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model on this machine.
 *
 * @param name by which commands know it: {@code owner/repo:quantization}; with {@code @commit}
 *     behind the repository if a newer one has the same name
 * @param repo it belongs to; of a model behind a link, the server and the file's name
 * @param revision its commit
 * @param file its path in the repository, of the first part if there are several
 * @param quantization as the file's name states it; null if it does not
 * @param paths of all its files, in order; the first one is what to open
 * @param bytes of all its files
 * @param modified when it came
 */
public record StoredModel(
    String name,
    RepoId repo,
    String revision,
    String file,
    @Nullable String quantization,
    List<Path> paths,
    long bytes,
    Instant modified) {
  public StoredModel {
    paths = List.copyOf(paths);
  }

  /** What to open. */
  public Path path() {
    return paths.getFirst();
  }
}
