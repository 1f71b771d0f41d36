package dev.thermocline.models.store;

import dev.thermocline.models.gguf.Printable;
import java.nio.file.Path;

/** Paths of files inside a repository, which a server names and which must stay inside a folder. */
final class RepoPath {
  private static final int LONGEST = 1000;

  private RepoPath() {}

  /** Whether a path is relative, has no steps up and no characters that some system treats so. */
  static boolean isSafe(String path) {
    if (path.isEmpty() || path.length() > LONGEST || path.startsWith("/")) {
      return false;
    }
    for (String step : path.split("/", -1)) {
      if (step.isEmpty() || step.equals(".") || step.equals("..")) {
        return false;
      }
    }
    return path.chars().noneMatch(c -> Character.isISOControl(c) || "\\:*?\"<>|".indexOf(c) >= 0);
  }

  /** A path below a folder. */
  static Path below(Path folder, String path) throws StoreException {
    if (!isSafe(path)) {
      throw new StoreException(
          "file: expected a path in the repository, got " + Printable.name(path));
    }
    return folder.resolve(path);
  }

  /** The part after the last slash. */
  static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The name of a GGUF file without its extension and without the number of a part. */
  static String stem(String path) {
    String name = SplitName.base(fileName(path));
    return isGguf(name) ? name.substring(0, name.length() - ".gguf".length()) : name;
  }

  static boolean isGguf(String path) {
    return path.regionMatches(true, path.length() - 5, ".gguf", 0, 5);
  }
}
