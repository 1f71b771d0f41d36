package dev.thermocline.cli.chat;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * When a message is complete: a line that ends in a backslash goes on, and so does everything after
 * {@code """} until the next one. Quotes and apostrophes mean nothing.
 */
final class InputParser implements Parser {
  private static final String FENCE = "\"\"\"";

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && isOpen(line)) {
      throw new EOFError(-1, -1, "the message goes on");
    }
    return new Words(line, cursor);
  }

  private static boolean isOpen(String line) {
    return line.endsWith("\\") || line.startsWith(FENCE) && !closed(line);
  }

  private static boolean closed(String line) {
    return line.length() >= 2 * FENCE.length() && line.stripTrailing().endsWith(FENCE);
  }

  /** The message that a complete input stands for. */
  static String message(String input) {
    if (input.startsWith(FENCE) && closed(input)) {
      String body = input.stripTrailing();
      return body.substring(FENCE.length(), body.length() - FENCE.length()).strip();
    }
    return input.replace("\\\n", "\n");
  }

  /** Words as completion sees them. */
  private record Words(String line, int cursor) implements CompletingParsedLine {
    @Override
    public String word() {
      return line.substring(start(), cursor);
    }

    private int start() {
      return line.lastIndexOf(' ', Math.max(0, cursor - 1)) + 1;
    }

    @Override
    public int wordCursor() {
      return cursor - start();
    }

    @Override
    public int wordIndex() {
      return words().size() - 1;
    }

    @Override
    public List<String> words() {
      return List.of(line.substring(0, cursor).split(" ", -1));
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return wordCursor();
    }
  }
}
