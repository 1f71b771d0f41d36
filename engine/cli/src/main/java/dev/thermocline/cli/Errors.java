package dev.thermocline.cli;

import dev.thermocline.engine.InsufficientMemoryException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns failures into one line on standard error and an exit code. */
final class Errors {
  private Errors() {}

  /** Wrong usage. */
  static int usage(ParameterException error, String[] args) {
    CommandLine line = error.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("thermocline: " + error.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
      err.println("try: " + line.getCommandSpec().qualifiedName() + " --help");
    }
    return CommandLine.ExitCode.USAGE;
  }

  /** A command that failed. */
  static int failure(Exception error, CommandLine line, @Nullable ParseResult parsed) {
    line.getErr().println("thermocline: " + message(error));
    if (error instanceof InsufficientMemoryException) {
      line.getErr()
          .println(
              "try: a smaller --ctx, --cache-type q8_0, a smaller quantization, or"
                  + " --no-memory-check");
    }
    if (parsed != null && parsed.originalArgs().contains("--debug")) {
      error.printStackTrace(line.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String message(Throwable error) {
    if (error instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file";
    }
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
