package dev.thermocline.models.store;

import dev.thermocline.models.UserCache;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where models are kept and where they come from.
 *
 * @param hubCache of models from the Hub, shared with other tools
 * @param linkCache of models from other servers, which tools of the Hub would not understand
 * @param endpoint of the Hub
 * @param token that the Hub, and nobody else, is shown; null for none
 * @param offline whether the network must not be used
 * @param patience with servers
 * @param proxies between us and the servers
 */
public record StoreSettings(
    Path hubCache,
    Path linkCache,
    URI endpoint,
    @Nullable String token,
    boolean offline,
    Patience patience,
    Proxies proxies) {

  /** Without proxies. */
  public StoreSettings(
      Path hubCache,
      Path linkCache,
      URI endpoint,
      @Nullable String token,
      boolean offline,
      Patience patience) {
    this(hubCache, linkCache, endpoint, token, offline, patience, Proxies.NONE);
  }

  /** What the environment says, by the variables that the Hub's own tools read. */
  public static StoreSettings ofEnvironment() throws IOException {
    return of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  /**
   * What an environment says.
   *
   * @throws StoreException if a value cannot be used
   */
  public static StoreSettings of(Map<String, String> environment, Path home) throws IOException {
    Path hubHome = hubHome(environment, home);
    String cache = first(environment, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE");
    String endpoint = first(environment, "HF_ENDPOINT");
    return new StoreSettings(
        cache == null ? hubHome.resolve("hub") : expand(cache, home),
        UserCache.folder(environment, System.getProperty("os.name", ""), home).resolve("links"),
        Uris.web(endpoint == null ? "https://huggingface.co" : endpoint.replaceAll("/+$", "")),
        token(environment, hubHome, home),
        isOn(first(environment, "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")),
        Patience.USUAL,
        Proxies.of(environment));
  }

  private static Path hubHome(Map<String, String> environment, Path home) {
    String chosen = first(environment, "HF_HOME");
    if (chosen != null) {
      return expand(chosen, home);
    }
    String xdg = first(environment, "XDG_CACHE_HOME");
    return (xdg == null ? home.resolve(".cache") : expand(xdg, home)).resolve("huggingface");
  }

  private static Path expand(String path, Path home) {
    return path.equals("~") || path.startsWith("~/")
        ? home.resolve(path.substring(Math.min(2, path.length())))
        : Path.of(path);
  }

  private static @Nullable String token(Map<String, String> environment, Path hubHome, Path home)
      throws IOException {
    String token = first(environment, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    String origin = "HF_TOKEN";
    if (token == null) {
      String path = first(environment, "HF_TOKEN_PATH");
      Path file = path == null ? hubHome.resolve("token") : expand(path, home);
      origin = file.toString();
      try {
        token = Files.readString(file);
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    String clean = token.strip();
    if (clean.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new StoreException(origin + ": expected a token of one word, got several");
    }
    return clean.isEmpty() ? null : clean;
  }

  private static @Nullable String first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  private static boolean isOn(@Nullable String value) {
    return value != null
        && Set.of("1", "on", "yes", "true").contains(value.toLowerCase(Locale.ROOT));
  }

  /** Without the token, so that no log holds it. */
  @Override
  public String toString() {
    return "StoreSettings[" + hubCache + ", " + linkCache + ", " + endpoint + "]";
  }
}
