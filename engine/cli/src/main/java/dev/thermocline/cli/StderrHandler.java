package dev.thermocline.cli;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Writes the engine's log as plain lines to standard error. */
final class StderrHandler extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();
  private final PrintStream err = System.err;

  StderrHandler(Level level) {
    setLevel(level);
  }

  @Override
  public void publish(LogRecord record) {
    if (isLoggable(record)) {
      err.println("thermocline: " + formatter.formatMessage(record));
    }
  }

  @Override
  public void flush() {
    err.flush();
  }

  @Override
  public void close() {}
}
