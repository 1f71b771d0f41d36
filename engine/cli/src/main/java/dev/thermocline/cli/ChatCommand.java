package dev.thermocline.cli;

import dev.thermocline.cli.chat.ChatSession;
import dev.thermocline.cli.chat.ChatShell;
import dev.thermocline.cli.chat.Settings;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.models.Model;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
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

  @Mixin private SamplingFlags sampling = new SamplingFlags();

  @Override
  public Integer call() throws Exception {
    Settings settings = new Settings(sampling.params(), tokens);
    try (Model opened = model.open();
        InferenceEngine engine = InferenceEngine.open(opened, flags.options())) {
      ChatSession session = new ChatSession(engine, settings);
      session.system(system);
      if (session.isPlain()) {
        System.err.println(
            "thermocline: the model has no chat template, so it goes on with the messages as plain"
                + " text");
      }
      if (isInteractive()) {
        onTerminal(session);
      } else {
        fromInput(session);
      }
      return 0;
    }
  }

  @SuppressWarnings("NullAway") // there is always a console since JDK 22
  private static boolean isInteractive() {
    return System.console().isTerminal();
  }

  private void onTerminal(ChatSession session) throws IOException, InterruptedException {
    try (Terminal terminal = TerminalBuilder.builder().nativeSignals(true).build()) {
      new ChatShell(terminal, session, noHistory ? null : ChatShell.historyFile()).run();
    }
  }

  private static void fromInput(ChatSession session) throws IOException, InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        answer(session.ask(line), out);
      }
    }
  }

  private static void answer(ChatSession.Answer answer, PrintStream out)
      throws InterruptedException {
    for (String piece = answer.next(); piece != null; piece = answer.next()) {
      out.print(piece);
      out.flush();
    }
    out.println();
    out.flush();
    answer.keep();
  }
}
