package dev.thermocline.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/**
 * The commands by name. Only the one that is asked for is built: reading the flags of all of them
 * takes longer than anything else before a model is opened.
 */
final class Commands {
  private static final Map<String, Class<?>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("run", RunCommand.class);
    BY_NAME.put("chat", ChatCommand.class);
    BY_NAME.put("serve", ServeCommand.class);
    BY_NAME.put("pull", PullCommand.class);
    BY_NAME.put("list", ListCommand.class);
    BY_NAME.put("rm", RemoveCommand.class);
    BY_NAME.put("logits", LogitsCommand.class);
    BY_NAME.put("tokenize", TokenizeCommand.class);
    BY_NAME.put("template", TemplateCommand.class);
    BY_NAME.put("perplexity", PerplexityCommand.class);
    BY_NAME.put("bench", BenchCommand.class);
    BY_NAME.put("calibrate", CalibrateCommand.class);
    BY_NAME.put("plan", PlanCommand.class);
    BY_NAME.put("quantize", QuantizeCommand.class);
    BY_NAME.put("inspect", InspectCommand.class);
    BY_NAME.put("doctor", DoctorCommand.class);
    BY_NAME.put("completion", CompletionCommand.class);
  }

  private Commands() {}

  /** What arguments need: one command, or all where they name none, or the names of all. */
  static CommandLine of(String[] args) {
    String first = args.length == 0 ? "" : args[0];
    Class<?> command = BY_NAME.get(first);
    if (command == null || command == CompletionCommand.class) {
      return all();
    }
    CommandLine line = new CommandLine(new Main());
    line.addSubcommand(command);
    return configured(line);
  }

  /** All commands, without the defaults that a user has set. */
  static CommandLine all() {
    CommandLine line = new CommandLine(new Main());
    BY_NAME.values().forEach(line::addSubcommand);
    return configured(line);
  }

  private static CommandLine configured(CommandLine line) {
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Errors::usage);
    line.setExecutionExceptionHandler(Errors::failure);
    return line;
  }
}
