package dev.thermocline.cli.chat;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** What a line that begins with a slash does. */
final class SlashCommands implements Completer {
  private static final List<String> NAMES =
      List.of("/help", "/system", "/save", "/load", "/set", "/stats", "/clear", "/quit");

  private static final String HELP =
      """
      /system [TEXT]     what the model is told first; without TEXT shows it, "" removes it
      /save [-f] FILE    writes the conversation as JSON; -f replaces the file
      /load FILE         goes on with a saved conversation
      /set [NAME VALUE]  settings: temp, top-k, top-p, min-p, repeat-penalty, seed, tokens
      /stats             speed, memory and context of this conversation
      /clear             forgets all messages
      /quit              ends (so does Ctrl-D)
      A line that ends in \\ goes on; \"""  begins and ends a message of several lines.
      Ctrl-C stops an answer, not the program.
      """;

  private final ChatState state;
  private final ChatStats stats;
  private final PrintWriter out;

  SlashCommands(ChatState state, ChatStats stats, PrintWriter out) {
    this.state = state;
    this.stats = stats;
    this.out = out;
  }

  /** Runs a command; returns whether the program goes on. */
  boolean run(String line) {
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1).strip();
    try {
      return run(name, rest);
    } catch (FileAlreadyExistsException e) {
      out.println(e.getFile() + " exists: /save -f replaces it");
    } catch (NoSuchFileException e) {
      out.println(e.getFile() + ": no such file");
    } catch (IOException | IllegalArgumentException e) {
      out.println(e.getMessage());
    }
    return true;
  }

  private boolean run(String name, String rest) throws IOException {
    switch (name) {
      case "/help", "/?" -> out.print(HELP);
      case "/system" -> system(rest);
      case "/save" -> save(rest);
      case "/load" -> load(rest);
      case "/set" -> set(rest);
      case "/stats" -> stats.print(state, out);
      case "/clear" -> {
        state.clear();
        out.println("forgotten");
      }
      case "/quit", "/exit", "/bye" -> {
        return false;
      }
      default -> out.println(name + ": expected one of " + String.join(" ", NAMES));
    }
    return true;
  }

  private void system(String text) {
    if (text.isEmpty()) {
      out.println(state.system().isEmpty() ? "(nothing)" : state.system());
      return;
    }
    state.system(text.equals("\"\"") ? "" : text);
    out.println(
        text.equals("\"\"") ? "removed" : "the model is told this from the next message on");
  }

  private void save(String rest) throws IOException {
    boolean replace = rest.startsWith("-f ");
    String file = replace ? rest.substring(3).strip() : rest;
    expectFile("/save [-f] FILE", file);
    Transcript.save(state, Path.of(file), replace);
    out.printf(Locale.ROOT, "%d messages written to %s%n", state.messages().size(), file);
  }

  private void load(String file) throws IOException {
    expectFile("/load FILE", file);
    Transcript.load(state, Path.of(file));
    out.printf(Locale.ROOT, "%d messages, going on%n", state.messages().size());
  }

  private static void expectFile(String usage, String file) {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("expected " + usage);
    }
  }

  private void set(String rest) {
    if (!rest.isEmpty()) {
      String[] words = rest.split("\\s+", 2);
      if (words.length < 2) {
        throw new IllegalArgumentException("expected /set NAME VALUE, got /set " + rest);
      }
      state.settings().set(words[0], words[1]);
    }
    out.println(state.settings());
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (!line.line().startsWith("/")) {
      return;
    }
    List<String> names = line.wordIndex() == 0 ? NAMES : List.of();
    if (line.wordIndex() == 1 && line.line().startsWith("/set ")) {
      names = Settings.NAMES;
    }
    names.forEach(name -> candidates.add(new Candidate(name)));
  }
}
