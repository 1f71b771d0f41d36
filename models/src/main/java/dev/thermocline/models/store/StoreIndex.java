package dev.thermocline.models.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The models in a cache, whichever tool put them there. */
final class StoreIndex {
  private final Path cache;

  StoreIndex(Path cache) {
    this.cache = cache;
  }

  List<StoredModel> models() throws IOException {
    List<StoredModel> models = new ArrayList<>();
    for (RepoFolder repo : repos()) {
      models.addAll(models(repo));
    }
    return models;
  }

  private List<RepoFolder> repos() throws IOException {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(cache)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> RepoId.ofFolder(child.getFileName().toString()))
          .flatMap(Optional::stream)
          .sorted((a, b) -> a.toString().compareToIgnoreCase(b.toString()))
          .map(id -> new RepoFolder(cache, id))
          .toList();
    }
  }

  /** The models of a repository; older ones whose name is taken get the commit into theirs. */
  static List<StoredModel> models(RepoFolder repo) throws IOException {
    List<StoredModel> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String commit : repo.commits()) {
      List<String> files = repo.files(commit);
      List<Candidate> candidates =
          Candidate.among(files).stream().filter(c -> files.containsAll(c.parts())).toList();
      for (Candidate candidate : candidates) {
        String label = label(candidate, candidates);
        String name = repo.repo() + ":" + label;
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
          name =
              repo.repo() + "@" + commit.substring(0, Math.min(8, commit.length())) + ":" + label;
        }
        models.add(model(name, repo, commit, candidate));
      }
    }
    return models;
  }

  /** The quantization, if it tells the model from the others of its snapshot. */
  private static String label(Candidate candidate, List<Candidate> all) {
    long same = all.stream().filter(c -> c.label().equals(candidate.label())).count();
    return same == 1 ? candidate.label() : RepoPath.stem(candidate.path());
  }

  private static StoredModel model(String name, RepoFolder repo, String commit, Candidate candidate)
      throws IOException {
    List<Path> paths = new ArrayList<>();
    long bytes = 0;
    for (String part : candidate.parts()) {
      Path path = RepoPath.below(repo.snapshot(commit), part);
      bytes += Files.size(path);
      paths.add(path);
    }
    return new StoredModel(
        name,
        repo.repo(),
        commit,
        candidate.path(),
        candidate.quantization(),
        paths,
        bytes,
        Files.getLastModifiedTime(paths.getFirst()).toInstant());
  }
}
