package dev.thermocline.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of flags that are not on the command line: of {@code --hot-share} first the environment
 * variable {@code THERMOCLINE_HOT_SHARE}, then the configuration's {@code run.hot-share} for the
 * one command, then {@code hot-share} for all.
 *
 * <p>The configuration is a file of lines {@code name = value}: {@code THERMOCLINE_CONFIG} names
 * it, else it is {@code thermocline/config} in {@code XDG_CONFIG_HOME} or {@code ~/.config}.
 */
final class FlagDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;
  private final Properties configuration;

  private FlagDefaults(Map<String, String> environment, Properties configuration) {
    this.environment = environment;
    this.configuration = configuration;
  }

  /**
   * Reads the configuration.
   *
   * @param home the user's folder
   * @throws IOException if there is a configuration that cannot be read
   * @throws IllegalArgumentException if it sets something that no command knows
   */
  static FlagDefaults read(Map<String, String> environment, Path home) throws IOException {
    Path file = file(environment, home);
    Properties values = new Properties();
    boolean named = environment.containsKey("THERMOCLINE_CONFIG");
    if (named || Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        values.load(reader);
      }
    }
    if (!values.isEmpty()) {
      check(file, values);
    }
    return new FlagDefaults(environment, values);
  }

  private static Path file(Map<String, String> environment, Path home) {
    String named = environment.get("THERMOCLINE_CONFIG");
    if (named != null) {
      return Path.of(named);
    }
    String base = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder = base.isBlank() ? home.resolve(".config") : Path.of(base);
    return folder.resolve("thermocline").resolve("config");
  }

  private static void check(Path file, Properties values) {
    Set<String> known = new TreeSet<>();
    Commands.all()
        .getSubcommands()
        .forEach((command, sub) ->
            sub.getCommandSpec()
                .options()
                .forEach(option -> {
                  known.add(name(option));
                  known.add(command + "." + name(option));
                }));
    for (String key : values.stringPropertyNames()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            file + ": expected names of flags, such as threads or run.temp, got " + key);
      }
    }
  }

  private static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String name = name(option);
    String variable = "THERMOCLINE_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    String set = environment.get(variable);
    if (set != null) {
      return set;
    }
    String own = configuration.getProperty(option.command().name() + "." + name);
    return own != null ? own : configuration.getProperty(name);
  }
}
