package dev.thermocline.models;

import java.nio.file.Path;
import java.util.Map;

/** Where this user's files that can be made again are kept. */
public final class UserCache {
  private UserCache() {}

  /** The folder, which need not exist yet; {@code THERMOCLINE_CACHE} names another one. */
  public static Path folder() {
    return folder(
        System.getenv(),
        System.getProperty("os.name", ""),
        Path.of(System.getProperty("user.home", ".")));
  }

  public static Path folder(Map<String, String> environment, String system, Path home) {
    String chosen = environment.getOrDefault("THERMOCLINE_CACHE", "");
    if (!chosen.isBlank()) {
      return Path.of(chosen);
    }
    return base(environment, system, home).resolve("thermocline");
  }

  private static Path base(Map<String, String> environment, String system, Path home) {
    if (system.startsWith("Windows")) {
      String local = environment.getOrDefault("LOCALAPPDATA", "");
      return local.isBlank() ? home.resolve("AppData").resolve("Local") : Path.of(local);
    }
    if (system.startsWith("Mac")) {
      return home.resolve("Library").resolve("Caches");
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
  }
}
