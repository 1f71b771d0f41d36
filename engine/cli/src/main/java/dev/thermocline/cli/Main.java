package dev.thermocline.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Entry point. Data goes to standard output, everything else to standard error; exit codes: 0 done,
 * 1 failed, 2 wrong usage.
 */
@Command(
    name = "thermocline",
    description = "Runs large language models, computing only the neurons that matter.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Runs a command and exits. */
  public static void main(String[] args) {
    redirectErrors();
    System.exit(run(args));
  }

  /**
   * The launcher keeps the JVM's own warnings apart from ours: it gives the JVM another standard
   * error and names the user's here.
   */
  private static void redirectErrors() {
    String path = System.getProperty("thermocline.stderr");
    if (path != null) {
      try {
        System.setErr(
            new PrintStream(new FileOutputStream(path, true), true, StandardCharsets.UTF_8));
      } catch (FileNotFoundException e) {
        System.err.println("thermocline: " + path + " cannot be opened: " + e.getMessage());
      }
    }
  }

  /** Runs a command and returns its exit code. */
  static int run(String[] args) {
    StderrLoggers.setDebug(Arrays.asList(args).contains("--debug"));
    CommandLine line = Commands.of(args);
    try {
      Path home = Path.of(System.getProperty("user.home", "."));
      line.setDefaultValueProvider(FlagDefaults.read(System.getenv(), home));
    } catch (IOException | IllegalArgumentException e) {
      return Errors.failure(e, line, null);
    }
    return line.execute(args);
  }

  Main() {}

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    throw new CommandLine.ParameterException(spec.commandLine(), "expected a command");
  }
}
