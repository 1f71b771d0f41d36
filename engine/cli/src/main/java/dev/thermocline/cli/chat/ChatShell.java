package dev.thermocline.cli.chat;

import dev.thermocline.engine.GenerationException;
import dev.thermocline.models.UserCache;
import dev.thermocline.models.jinja.TemplateException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
  private final ChatSession session;
  private final ChatStats stats = new ChatStats();
  private final PrintWriter out;
  private final SlashCommands commands;
  private final LineReader reader;
  private volatile ChatSession.@Nullable Answer answer;

  /**
   * Sets the terminal up; the caller closes it.
   *
   * @param history where typed lines are kept, or null to keep none
   */
  public ChatShell(Terminal terminal, ChatSession session, @Nullable Path history) {
    this.terminal = terminal;
    this.session = session;
    this.out = terminal.writer();
    this.commands = new SlashCommands(session, stats, out);
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
    ChatSession.Answer current = answer;
    if (current != null) {
      current.cancel();
    }
  }

  /** Converses until the user leaves. */
  public void run() throws InterruptedException {
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

  private boolean handle(String input) throws InterruptedException {
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

  private void ask(String message) throws InterruptedException {
    try {
      ChatSession.Answer current = session.ask(message);
      answer = current;
      print(current);
      current.keep();
      stats.add(current.generation());
    } catch (IllegalArgumentException | TemplateException | GenerationException e) {
      out.println(e.getMessage());
    } finally {
      answer = null;
    }
  }

  private void print(ChatSession.Answer current) throws InterruptedException {
    Markdown markdown = new Markdown(colours());
    for (String piece = current.next(); piece != null; piece = current.next()) {
      out.print(markdown.style(piece));
      out.flush();
    }
    out.println(markdown.end());
    switch (current.generation().finish()) {
      case CANCELLED -> out.println("(stopped)");
      case LENGTH -> out.println("(the context or the token limit is full)");
      case null, default -> {}
    }
    out.flush();
  }

  private boolean colours() {
    Integer colours = terminal.getNumericCapability(InfoCmp.Capability.max_colors);
    return colours != null && colours >= 8 && System.getenv("NO_COLOR") == null;
  }
}
