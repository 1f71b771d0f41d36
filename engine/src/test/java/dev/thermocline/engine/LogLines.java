package dev.thermocline.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the program logs for its user while this is open, kept from the test's output. */
final class LogLines extends Handler implements AutoCloseable {
  // Held here, as loggers are forgotten when nobody does.
  private final Logger logger = Logger.getLogger("dev.thermocline");
  private final SimpleFormatter formatter = new SimpleFormatter();
  private final List<String> lines = new ArrayList<>();

  LogLines() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      lines.add(formatter.formatMessage(record));
    }
  }

  /** The lines since the last call. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
