package dev.thermocline.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/** A progress bar on standard error: redrawn on a terminal, a line every ten per cent elsewhere. */
final class Progress {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream err;
  private final String title;
  private final String unit;
  private final boolean terminal = isTerminal();
  private final long started = System.nanoTime();
  private long drawn;
  private long tenths = -1;
  private boolean shown;

  Progress(PrintStream err, String title, String unit) {
    this.err = err;
    this.title = title;
    this.unit = unit;
  }

  @SuppressWarnings("SystemConsoleNull") // its contract still allows null
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Shows {@code part} of {@code whole}. */
  void update(long part, long whole) {
    long now = System.nanoTime();
    long tenth = whole == 0 ? 10 : 10 * part / whole;
    boolean due = terminal ? now - drawn > REDRAW_NANOS || part == whole : tenth > tenths;
    if (!due) {
      return;
    }
    drawn = now;
    tenths = tenth;
    shown = true;
    double seconds = (now - started) / 1e9;
    double left = part == 0 ? 0 : seconds * (whole - part) / part;
    String line =
        String.format(
            Locale.ROOT,
            "%s %s %d of %d %s, %.0f s left",
            title,
            bar(part, whole),
            part,
            whole,
            unit,
            left);
    err.print(terminal ? "\r" + line + "   " : line + System.lineSeparator());
    err.flush();
  }

  private static String bar(long part, long whole) {
    int filled = whole == 0 ? WIDTH : (int) (WIDTH * part / whole);
    return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "]";
  }

  /** Ends the line. */
  void done() {
    if (terminal && shown) {
      err.println();
    }
  }
}
