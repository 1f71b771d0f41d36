package dev.thermocline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FlagDefaultsTest {
  @TempDir Path home;

  @Test
  void theEnvironmentComesBeforeTheCommandsOwnLineBeforeTheCommonOne() throws IOException {
    write("threads = 1\nrun.threads = 2\n");
    assertEquals("1", value(Map.of(), "bench", "--threads"));
    assertEquals("2", value(Map.of(), "run", "--threads"));
    assertEquals("3", value(Map.of("THERMOCLINE_THREADS", "3"), "run", "--threads"));
    assertNull(value(Map.of(), "run", "--hot-share"));
  }

  @Test
  void dashesBecomeUnderscores() throws IOException {
    assertEquals("0.5", value(Map.of("THERMOCLINE_HOT_SHARE", "0.5"), "run", "--hot-share"));
  }

  @Test
  void helpIsNeverSwitchedOnFromOutside() throws IOException {
    assertNull(value(Map.of("THERMOCLINE_HELP", "true"), "run", "--help"));
  }

  @Test
  void namesThatNoCommandKnowsAreRefused() throws IOException {
    write("treads = 1\n");
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> value(Map.of(), "run", "--threads"));
    assertTrue(String.valueOf(error.getMessage()).endsWith("got treads"), error.getMessage());
  }

  @Test
  void aNamedConfigurationMustExist() {
    assertThrows(
        NoSuchFileException.class,
        () -> value(Map.of("THERMOCLINE_CONFIG", "/nowhere"), "run", "--threads"));
  }

  private void write(String configuration) throws IOException {
    Path folder = Files.createDirectories(home.resolve(".config").resolve("thermocline"));
    Files.writeString(folder.resolve("config"), configuration);
  }

  private @Nullable String value(Map<String, String> environment, String command, String option)
      throws IOException {
    CommandLine line = Commands.all();
    FlagDefaults defaults = FlagDefaults.read(environment, home);
    CommandLine sub = Objects.requireNonNull(line.getSubcommands().get(command));
    return defaults.defaultValue(sub.getCommandSpec().findOption(option));
  }
}
