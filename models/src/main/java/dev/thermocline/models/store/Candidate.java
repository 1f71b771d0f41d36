package dev.thermocline.models.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A model among the files of a repository.
 *
 * @param path of its file, or of its first part
 * @param quantization as the name states it, or null
 * @param parts all files
 */
record Candidate(String path, @Nullable String quantization, List<String> parts) {
  Candidate {
    parts = List.copyOf(parts);
  }

  /** What tells it apart from other models of its repository. */
  String label() {
    return quantization == null ? RepoPath.stem(path) : quantization;
  }

  /** Whether somebody who writes {@code text} may mean this one. */
  boolean answersTo(String text) {
    return names().contains(text.toLowerCase(Locale.ROOT));
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (String part : parts) {
      names.add(part.toLowerCase(Locale.ROOT));
      names.add(RepoPath.fileName(part).toLowerCase(Locale.ROOT));
    }
    names.add(RepoPath.stem(path).toLowerCase(Locale.ROOT));
    names.add(label().toLowerCase(Locale.ROOT));
    return names;
  }

  /** The models among files; vision projectors and importance matrices are none. */
  static List<Candidate> among(Collection<String> paths) {
    Set<String> models = new TreeSet<>();
    for (String path : paths) {
      if (RepoPath.isGguf(path) && !isCompanion(RepoPath.fileName(path))) {
        models.add(SplitName.parts(path).getFirst());
      }
    }
    List<Candidate> all = new ArrayList<>();
    for (String path : models) {
      all.add(new Candidate(path, Quantization.of(path), SplitName.parts(path)));
    }
    return all;
  }

  private static boolean isCompanion(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("mmproj") || lower.contains("imatrix");
  }

  /**
   * The one that is meant.
   *
   * @param wanted a file, its name, or a quantization; null for the usual choice
   * @param subject what has these candidates, for the message
   * @throws StoreException if none is meant, or several are; the message lists them
   */
  static Candidate choose(List<Candidate> all, @Nullable String wanted, String subject)
      throws StoreException {
    if (all.isEmpty()) {
      throw new StoreException(subject + ": has no GGUF file");
    }
    List<Candidate> meant = wanted == null ? usual(all) : exact(all, wanted);
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    String found = meant.isEmpty() ? "has no " + wanted : "has several";
    throw new StoreException(
        subject + ": " + (wanted == null ? "name one" : found) + "; candidates: " + listing(all));
  }

  private static List<Candidate> exact(List<Candidate> all, String wanted) {
    List<Candidate> byPath = all.stream().filter(c -> c.parts().contains(wanted)).toList();
    return byPath.isEmpty() ? all.stream().filter(c -> c.answersTo(wanted)).toList() : byPath;
  }

  private static List<Candidate> usual(List<Candidate> all) {
    for (String quantization : List.of("Q4_K_M", "Q8_0")) {
      List<Candidate> some =
          all.stream().filter(c -> Objects.equals(c.quantization, quantization)).toList();
      if (!some.isEmpty()) {
        return some;
      }
    }
    return all;
  }

  private static String listing(List<Candidate> all) {
    Set<String> labels = new TreeSet<>();
    all.forEach(c -> labels.add(c.label()));
    boolean telling = labels.size() == all.size();
    List<String> names =
        telling ? List.copyOf(labels) : all.stream().map(c -> RepoPath.fileName(c.path())).toList();
    int shown = Math.min(40, names.size());
    return String.join(", ", names.subList(0, shown))
        + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
  }
}
