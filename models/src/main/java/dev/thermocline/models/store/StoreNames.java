package dev.thermocline.models.store;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model by what people call it: {@code [owner/]repo[@commit][:file or quantization]}, in
 * any case.
 */
final class StoreNames {
  private static final Pattern NAME =
      Pattern.compile("(?:([^/:@\\s]+)/)?([^/:@\\s]+)(?:@([^:]+))?(?::(.+))?");

  private StoreNames() {}

  /**
   * The model that is meant.
   *
   * @param precise whether several models of a repository need a choice, not the usual one
   * @throws StoreException if several are meant
   */
  static Optional<StoredModel> find(List<StoredModel> all, String name, boolean precise)
      throws StoreException {
    Matcher match = NAME.matcher(name);
    if (!match.matches()) {
      return Optional.empty();
    }
    List<StoredModel> some = named(all, match.group(1), match.group(2), match.group(3));
    String wanted = match.group(4);
    if (some.isEmpty() || wanted != null && some.stream().noneMatch(m -> answers(m, wanted))) {
      return Optional.empty();
    }
    checkOneRepo(some, name);
    if (precise && wanted == null && some.size() > 1) {
      throw several(name, some);
    }
    return Optional.of(choose(some, wanted, name));
  }

  private static List<StoredModel> named(
      List<StoredModel> all, @Nullable String owner, String repo, @Nullable String commit) {
    return all.stream()
        .filter(m -> owner == null || m.repo().owner().equalsIgnoreCase(owner))
        .filter(m -> m.repo().name().equalsIgnoreCase(repo))
        .filter(m -> commit == null ? !m.name().contains("@") : m.revision().startsWith(commit))
        .toList();
  }

  private static StoredModel choose(List<StoredModel> some, @Nullable String wanted, String name)
      throws StoreException {
    List<Candidate> candidates = some.stream().map(StoreNames::candidate).toList();
    if (wanted != null) {
      List<StoredModel> exact = some.stream().filter(m -> m.name().endsWith(":" + wanted)).toList();
      if (exact.size() == 1) {
        return exact.getFirst();
      }
    }
    return some.get(candidates.indexOf(Candidate.choose(candidates, wanted, name)));
  }

  private static boolean answers(StoredModel model, String wanted) {
    return candidate(model).answersTo(wanted);
  }

  private static Candidate candidate(StoredModel model) {
    return new Candidate(model.file(), model.quantization(), SplitName.parts(model.file()));
  }

  private static void checkOneRepo(List<StoredModel> some, String name) throws StoreException {
    if (some.stream().map(StoredModel::repo).distinct().count() > 1) {
      throw several(name, some);
    }
  }

  private static StoreException several(String name, List<StoredModel> some) {
    TreeSet<String> names = new TreeSet<>();
    some.forEach(model -> names.add(model.name()));
    return new StoreException(
        name + ": the store has several models of this name: " + String.join(", ", names));
  }
}
