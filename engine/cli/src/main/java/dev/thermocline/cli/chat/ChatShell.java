package dev.thermocline.cli.chat;

import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.PromptTooLongException;
import dev.thermocline.models.UserCache;
import dev.thermocline.models.jinja.TemplateException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp;
import org.jspecify.annotations.Nullable;

/**
 * The conversation on a terminal: reads messages, streams answers. Ctrl-C stops the answer that is
 * being written, Ctrl-D ends the program.
 */
public final class ChatShell {
  private final Terminal terminal;
  private final ChatState state;
  private final ChatStats stats = new ChatStats();
  private final PrintWriter out;
  private final SlashCommands commands;
  private final LineReader reader;
  private volatile @Nullable AnswerStream answer;

  /**
   * Sets the terminal up; the caller closes it.
   *
   * @param history where typed lines are kept, or null to keep none
   */
  public ChatShell(Terminal terminal, ChatState state, @Nullable Path history) {
    this.terminal = terminal;
    this.state = state;
    this.out = terminal.writer();
    this.commands = new SlashCommands(state, stats, out);
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("thermocline")
            .parser(new InputParser())
            .completer(commands)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "… ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    if (history != null) {
      reader.setVariable(LineReader.HISTORY_FILE, history);
    }
    terminal.handle(Terminal.Signal.INT, signal -> stopAnswer());
  }

  /** Where the lines of earlier conversations are kept. */
  public static Path historyFile() {
    return UserCache.folder().resolve("chat-history");
  }

  private void stopAnswer() {
    AnswerStream current = answer;
    if (current != null) {
      current.cancel();
    }
  }

  /** Converses until the user leaves. */
  public void run() {
    out.println("Type a message; /help lists commands, Ctrl-D ends.");
    out.flush();
    boolean on = true;
    while (on) {
      try {
        on = handle(reader.readLine("> "));
      } catch (UserInterruptException e) {
        out.println("(Ctrl-D or /quit ends)");
      } catch (EndOfFileException e) {
        on = false;
      }
      out.flush();
    }
  }

  private boolean handle(String input) {
    String line = InputParser.message(input);
    if (line.isBlank()) {
      return true;
    }
    if (line.startsWith("/") && !line.contains("\n")) {
      return commands.run(line.strip());
    }
    ask(line);
    return true;
  }

  private void ask(String message) {
    try (AnswerStream current = state.ask(message)) {
      answer = current;
      print(current);
    } catch (PromptTooLongException e) {
      out.printf(
          Locale.ROOT,
          "the conversation has %d tokens, the context %d: /clear it, or start with a larger"
              + " --ctx%n",
          e.tokens(),
          e.context());
    } catch (IllegalArgumentException | TemplateException | GenerationException e) {
      out.println(e.getMessage());
    } finally {
      answer = null;
    }
  }

  private void print(AnswerStream current) {
    AnswerPrinter printer = new AnswerPrinter(out, colours());
    current.forEachRemaining(printer::print);
    printer.end();
    Answer whole = current.answer();
    switch (whole.finish()) {
      case CANCELLED -> out.println("(stopped)");
      case LENGTH -> out.println("(the context or the token limit is full)");
      case STOP, FAILED -> {}
    }
    out.flush();
    stats.add(whole);
  }

  private boolean colours() {
    Integer colours = terminal.getNumericCapability(InfoCmp.Capability.max_colors);
    return colours != null && colours >= 8 && System.getenv("NO_COLOR") == null;
  }
}
