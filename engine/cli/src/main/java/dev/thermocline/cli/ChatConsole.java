package dev.thermocline.cli;

import dev.thermocline.cli.chat.ChatShell;
import dev.thermocline.cli.chat.ChatState;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.tools.OutputPart;
import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A conversation where the user is: on a terminal, or on standard input and output. */
final class ChatConsole {
  private final ChatState state;
  private final boolean history;

  /**
   * Prepares one.
   *
   * @param history whether what is typed on a terminal is kept for the next time
   */
  ChatConsole(ChatState state, boolean history) {
    this.state = state;
    this.history = history;
  }

  /** Whether a person types at a terminal. */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives none again where there is no terminal
  static boolean isInteractive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Converses until the input ends. */
  void run() throws IOException {
    if (state.isPlain()) {
      System.err.println(
          "thermocline: the model has no chat template, so it goes on with the messages as plain"
              + " text");
    }
    if (isInteractive()) {
      onTerminal();
    } else {
      fromInput();
    }
  }

  private void onTerminal() throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().nativeSignals(true).build()) {
      new ChatShell(terminal, state, history ? ChatShell.historyFile() : null).run();
    }
  }

  private void fromInput() throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        answer(state.ask(line), out);
      }
    }
  }

  /** The answer alone is data; what the model thinks before is none. */
  private static void answer(AnswerStream answer, PrintStream out) {
    answer.forEachRemaining(part -> {
      switch (part) {
        case OutputPart.Content content -> out.print(content.text());
        case OutputPart.Reasoning thought -> System.err.print(thought.text());
        // No tools are offered.
        case OutputPart.CallStart call -> {}
        case OutputPart.CallArguments more -> {}
      }
      out.flush();
    });
    if (!answer.answer().reasoning().isEmpty()) {
      System.err.println();
    }
    out.println();
    out.flush();
  }
}
