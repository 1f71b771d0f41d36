package dev.thermocline.models.store;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A repository's folder in the cache, laid out as the Hub's tools do: contents in {@code blobs},
 * named by their tags; for each commit a tree of links to them in {@code snapshots}; and in {@code
 * refs} the commit of each branch.
 */
final class RepoFolder {
  private static final int DEEPEST = 10;
  private static final int MOST_REF_BYTES = 1000;

  private final Path folder;
  private final RepoId repo;

  RepoFolder(Path cache, RepoId repo) {
    this.folder = cache.resolve(repo.folder());
    this.repo = repo;
  }

  Path path() {
    return folder;
  }

  RepoId repo() {
    return repo;
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** Makes a blob appear under its path in a snapshot. */
  void link(String commit, String path, String blob) throws StoreException {
    Path link = RepoPath.below(snapshot(commit), path);
    Path target = folder.resolve("blobs").resolve(blob);
    Path parent = Objects.requireNonNull(link.getParent(), "a file of a snapshot is in a folder");
    try {
      Files.createDirectories(parent);
      if (Files.exists(link) && Files.isSameFile(link, target)) {
        return;
      }
      Files.deleteIfExists(link);
      try {
        Files.createSymbolicLink(link, parent.relativize(target));
      } catch (UnsupportedOperationException | FileSystemException e) {
        // Windows allows links to few users. Moved, as the Hub's tools do: a copy takes it twice.
        Files.move(target, link);
      }
    } catch (IOException e) {
      throw failed(link, e);
    }
  }

  /** Notes the commit of a branch. */
  void ref(String revision, String commit) throws StoreException {
    if (revision.equals(commit)) {
      return;
    }
    Path ref = RepoPath.below(folder.resolve("refs"), revision);
    try {
      Files.createDirectories(ref.getParent());
      Path fresh = Files.createTempFile(ref.getParent(), ".ref", null);
      Files.writeString(fresh, commit);
      move(fresh, ref);
    } catch (IOException e) {
      throw failed(ref, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The commit of a branch, as noted when it was last asked for. */
  Optional<String> commit(String revision) throws IOException {
    Path refs = folder.resolve("refs");
    Path ref = RepoPath.isSafe(revision) ? refs.resolve(revision) : refs;
    return Files.isRegularFile(ref) && Files.size(ref) < MOST_REF_BYTES
        ? Optional.of(Files.readString(ref).strip())
        : Optional.empty();
  }

  /** The commits that are here, the one of the main branch first, then the latest ones first. */
  List<String> commits() throws IOException {
    Path snapshots = folder.resolve("snapshots");
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    String current = commit(ModelReference.MAIN).orElse("");
    record Dated(String commit, long time) {}
    List<Dated> all = new ArrayList<>();
    for (Path snapshot : children(snapshots)) {
      String commit = snapshot.getFileName().toString();
      long time = Files.getLastModifiedTime(snapshot).toMillis();
      all.add(new Dated(commit, commit.equals(current) ? Long.MAX_VALUE : time));
    }
    all.sort(Comparator.comparingLong(Dated::time).reversed().thenComparing(Dated::commit));
    return all.stream().map(Dated::commit).toList();
  }

  /** Paths of the files of a snapshot whose content is here. */
  List<String> files(String commit) throws IOException {
    Path snapshot = snapshot(commit);
    if (!Files.isDirectory(snapshot)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(snapshot, DEEPEST)) {
      return all.filter(Files::isRegularFile)
          .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
          .filter(RepoPath::isSafe)
          .sorted()
          .toList();
    }
  }

  /**
   * Removes files of a snapshot, what lies beside them by their name, and every blob that no
   * snapshot links to any more; with the last file the whole folder goes.
   *
   * @return bytes that were freed
   */
  long remove(String commit, List<String> paths) throws StoreException {
    long before = 0;
    long after = 0;
    try {
      before = size();
      for (String path : paths) {
        removeFile(RepoPath.below(snapshot(commit), path));
      }
      removeEmpty(snapshot(commit));
      if (commits().isEmpty()) {
        delete(folder);
      } else {
        removeUnused();
        after = size();
      }
    } catch (IOException e) {
      throw failed(folder, e);
    }
    return before - after;
  }

  private static void removeFile(Path file) throws IOException {
    Path blob = Files.isSymbolicLink(file) ? file.toRealPath() : file;
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".thermo"));
    Path part = blob.resolveSibling(blob.getFileName() + ".incomplete");
    Files.deleteIfExists(part);
  }

  private static void removeEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (Path child : children(folder)) {
      removeEmpty(child);
    }
    if (children(folder).isEmpty()) {
      Files.delete(folder);
    }
  }

  private void removeUnused() throws IOException {
    Set<Path> used = new HashSet<>();
    try (Stream<Path> all = Files.walk(folder.resolve("snapshots"), DEEPEST)) {
      for (Path link : all.filter(Files::isSymbolicLink).toList()) {
        Path target = Files.readSymbolicLink(link);
        used.add(link.resolveSibling(target).toAbsolutePath().normalize());
      }
    }
    for (Path blob : children(folder.resolve("blobs"))) {
      boolean partial = blob.toString().endsWith(".incomplete");
      if (!partial && !used.contains(blob.toAbsolutePath().normalize())) {
        Files.delete(blob);
      }
    }
  }

  /** Bytes of everything here; links count as nothing. */
  private long size() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path file :
          all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static StoreException failed(Path path, IOException e) {
    return new StoreException(path + ": " + Failures.reason(e), e);
  }
}
