package dev.thermocline.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Completion for shells. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash, zsh or fish.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  source <(thermocline completion bash)                               (also for zsh)",
      "  thermocline completion fish > ~/.config/fish/completions/thermocline.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells that there are scripts for. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Shell shell;

  @Override
  public Integer call() {
    CommandLine top = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    switch (shell) {
      // picocli's script serves both: it turns on zsh's emulation of bash completion.
      case BASH, ZSH -> out.println(AutoComplete.bash("thermocline", top));
      case FISH -> fish(top, out);
    }
    out.flush();
    return 0;
  }

  private static void fish(CommandLine top, PrintWriter out) {
    top.getSubcommands()
        .forEach((name, command) -> {
          CommandSpec commandSpec = command.getCommandSpec();
          out.printf(
              "complete -c thermocline -n __fish_use_subcommand -a %s -d %s%n",
              name, quoted(String.join(" ", commandSpec.usageMessage().description())));
          commandSpec.options().forEach(option -> fish(name, option, out));
        });
  }

  private static void fish(String command, OptionSpec option, PrintWriter out) {
    out.printf("complete -c thermocline -n '__fish_seen_subcommand_from %s'", command);
    for (String name : option.names()) {
      out.print(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      out.print(" -r");
    }
    out.println(" -d " + quoted(String.join(" ", option.description())));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
