package dev.thermocline.cli;

import dev.thermocline.models.store.PullListener;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * A pull as people watch it: a bar with rate and time left on a terminal, a line every ten per cent
 * elsewhere.
 */
final class DownloadProgress implements PullListener {
  private static final int WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000;
  private static final long WINDOW_NANOS = 5_000_000_000L;

  /** What was here at a time. */
  private record Sample(long nanos, long bytes) {}

  private final PrintStream err;
  private final boolean terminal = Progress.isTerminal();
  private final Deque<Sample> samples = new ArrayDeque<>();
  private String title = "";
  private long drawn;
  private long tenths;
  private int lineLength;

  DownloadProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public void begins(String file, int number, int count, long bytes) {
    title = count == 1 ? file : file + " (" + number + " of " + count + ")";
    samples.clear();
    tenths = 0;
  }

  @Override
  public void progress(long part, long whole) {
    long now = System.nanoTime();
    if (!samples.isEmpty() && samples.getLast().bytes() > part) {
      samples.clear();
    }
    samples.add(new Sample(now, part));
    while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.remove();
    }
    if (isDue(now, part, whole)) {
      drawn = now;
      draw(line(part, whole));
    }
  }

  private boolean isDue(long now, long part, long whole) {
    if (terminal) {
      return now - drawn > REDRAW_NANOS || part == whole;
    }
    long tenth = whole <= 0 ? 0 : 10 * part / whole;
    boolean due = tenth > tenths;
    tenths = tenth;
    return due;
  }

  private void draw(String line) {
    // Blanks hide the rest of a longer line before.
    String padding = " ".repeat(Math.max(0, lineLength - line.length()));
    lineLength = line.length();
    err.print(terminal ? "\r" + line + padding : line + System.lineSeparator());
    err.flush();
  }

  private String line(long part, long whole) {
    double rate = rate();
    String amount = Bytes.format(part) + (whole < 0 ? "" : " of " + Bytes.format(whole));
    String speed = rate > 0 ? ", " + Bytes.format((long) rate) + "/s" : "";
    String left = rate > 0 && whole > part ? ", " + duration((whole - part) / rate) + " left" : "";
    return title + " " + (whole > 0 ? bar(part, whole) + " " : "") + amount + speed + left;
  }

  /** Bytes a second over the last seconds; 0 if not known yet. */
  private double rate() {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double seconds = (last.nanos() - first.nanos()) / 1e9;
    return seconds < 0.05 ? 0 : (last.bytes() - first.bytes()) / seconds;
  }

  private static String bar(long part, long whole) {
    int filled = (int) Math.min(WIDTH, WIDTH * part / whole);
    return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "]";
  }

  static String duration(double seconds) {
    long whole = (long) Math.min(seconds, 360_000);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
  }

  @Override
  public void ends(String file, String sha256, boolean fetched) {
    endLine();
    if (!fetched) {
      err.println(title + " is here already");
    } else if (!sha256.isEmpty()) {
      err.println(title + " SHA-256 " + sha256);
    }
  }

  @Override
  public void retries(String reason) {
    endLine();
    err.println(reason + "; trying again");
  }

  private void endLine() {
    if (terminal && lineLength > 0) {
      err.println();
    }
    lineLength = 0;
  }
}
