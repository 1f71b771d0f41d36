package dev.thermocline.cli;

import dev.thermocline.cli.chat.ChatState;
import dev.thermocline.cli.chat.Settings;
import dev.thermocline.engine.api.LocalModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A conversation. */
@Command(
    name = "chat",
    description = "Converses with a model: on a terminal, or a message a line from standard input.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline chat model.gguf",
      "  thermocline chat model.gguf --system \"Answer in one sentence.\" --temp 0",
      "  printf 'Hello\\nAnd you?\\n' | thermocline chat model.gguf"
    })
final class ChatCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What the model is told before the first message.")
  private String system = "";

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      description = "Most tokens of an answer; what fits the context if left out.")
  private int tokens;

  @Option(names = "--no-history", description = "Keeps no history of what is typed.")
  private boolean noHistory;

  @Mixin private EngineFlags flags = new EngineFlags();

  @Mixin private ShiftFlags shift = new ShiftFlags();

  @Mixin private SamplingFlags sampling = new SamplingFlags();

  @Override
  public Integer call() throws Exception {
    Settings settings = new Settings(sampling.params(), tokens);
    try (LocalModel opened = LocalModel.open(model.path(), shift.in(flags.options()))) {
      ChatState state = new ChatState(opened, settings);
      state.system(system);
      new ChatConsole(state, !noHistory).run();
      return 0;
    }
  }
}
