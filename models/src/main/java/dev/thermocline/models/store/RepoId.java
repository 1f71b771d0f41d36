package dev.thermocline.models.store;

import dev.thermocline.models.gguf.Printable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A repository of models. Its rules for names are the Hub's, which also make it a safe folder name.
 *
 * @param owner empty for the Hub's few repositories without one, such as {@code gpt2}
 * @param name within the owner
 */
public record RepoId(String owner, String name) {
  private static final String PREFIX = "models--";
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,95}");

  public RepoId {
    if (!owner.isEmpty() && !valid(owner) || !valid(name)) {
      throw new IllegalArgumentException(
          "repository: expected owner/name of letters, digits, '.', '_' and '-', got "
              + Printable.name(owner + "/" + name));
    }
  }

  private static boolean valid(String part) {
    return PART.matcher(part).matches() && !part.contains("..") && !part.contains("--");
  }

  /** The folder of a repository in the cache. */
  String folder() {
    return PREFIX + (owner.isEmpty() ? "" : owner + "--") + name;
  }

  /** The repository of a folder in the cache; empty if it is something else. */
  static Optional<RepoId> ofFolder(String folder) {
    if (!folder.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String id = folder.substring(PREFIX.length());
    int split = id.indexOf("--");
    String owner = split < 0 ? "" : id.substring(0, split);
    String name = split < 0 ? id : id.substring(split + 2);
    boolean good = (owner.isEmpty() || valid(owner)) && valid(name);
    return good ? Optional.of(new RepoId(owner, name)) : Optional.empty();
  }

  /** Text from elsewhere as one part of an id. */
  static String part(String text) {
    String safe =
        text.replaceAll("[^A-Za-z0-9._-]", "-")
            .replaceAll("--+", "-")
            .replaceAll("\\.\\.+", ".")
            .replaceAll("^[.-]+|[.-]+$", "");
    return safe.isEmpty() ? "model" : safe.substring(0, Math.min(96, safe.length()));
  }

  @Override
  public String toString() {
    return owner.isEmpty() ? name : owner + "/" + name;
  }
}
