package dev.thermocline.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
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
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      ChatCommand.class,
      ServeCommand.class,
      PullCommand.class,
      ListCommand.class,
      RemoveCommand.class,
      LogitsCommand.class,
      TokenizeCommand.class,
      TemplateCommand.class,
      PerplexityCommand.class,
      BenchCommand.class,
      CalibrateCommand.class,
      PlanCommand.class,
      QuantizeCommand.class,
      InspectCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
    })
public final class Main implements Runnable {
  /** Whose banner nobody needs; kept, as a logger that is not forgets its level. */
  private static final Logger WEB_SERVER = Logger.getLogger("io.helidon");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Main() {}

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
    configureLogging(Arrays.asList(args).contains("--debug"));
    CommandLine line = commandLine();
    try {
      Path home = Path.of(System.getProperty("user.home", "."));
      line.setDefaultValueProvider(FlagDefaults.read(System.getenv(), home, line));
    } catch (IOException | IllegalArgumentException e) {
      return Errors.failure(e, line, null);
    }
    return line.execute(args);
  }

  /** All commands, without the defaults that a user has set. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Errors::usage);
    line.setExecutionExceptionHandler(Errors::failure);
    return line;
  }

  /** Warnings of the engine are one line each on standard error. */
  private static void configureLogging(boolean debug) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(debug ? Level.FINE : Level.INFO);
    WEB_SERVER.setLevel(debug ? Level.FINE : Level.WARNING);
    root.addHandler(new StderrHandler(debug ? Level.FINE : Level.INFO));
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    throw new CommandLine.ParameterException(spec.commandLine(), "expected a command");
  }
}
