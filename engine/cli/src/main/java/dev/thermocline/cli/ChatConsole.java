package dev.thermocline.cli;

import dev.thermocline.cli.chat.ChatSession;
import dev.thermocline.cli.chat.ChatShell;
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
  private final ChatSession session;
  private final boolean history;

  /**
   * Prepares one.
   *
   * @param history whether what is typed on a terminal is kept for the next time
   */
  ChatConsole(ChatSession session, boolean history) {
    this.session = session;
    this.history = history;
  }

  /** Whether a person types at a terminal. */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives none again where there is no terminal
  static boolean isInteractive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Converses until the input ends. */
  void run() throws IOException, InterruptedException {
    if (session.isPlain()) {
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

  private void onTerminal() throws IOException, InterruptedException {
    try (Terminal terminal = TerminalBuilder.builder().nativeSignals(true).build()) {
      new ChatShell(terminal, session, history ? ChatShell.historyFile() : null).run();
    }
  }

  private void fromInput() throws IOException, InterruptedException {
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
