package dev.thermocline.cli;

import java.io.PrintStream;
import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Loggers that write plain lines to standard error. They stand in for java.util.logging, whose
 * set-up would be a tenth of a second of every start.
 */
public final class StderrLoggers extends System.LoggerFinder {
  private static volatile boolean debug;

  /** Called by the service loader. */
  public StderrLoggers() {}

  /** Whether to write details too. */
  static void setDebug(boolean value) {
    debug = value;
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new StderrLogger(name);
  }

  private record StderrLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.getSeverity() >= threshold().getSeverity() && level != Level.OFF;
    }

    /** Only the engine's own information is for users: not that of libraries, such as a banner. */
    private Level threshold() {
      if (debug) {
        return Level.DEBUG;
      }
      return name.startsWith("dev.thermocline") ? Level.INFO : Level.WARNING;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        write(localized(bundle, message), thrown);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        Object @Nullable ... parameters) {
      if (isLoggable(level)) {
        String text = localized(bundle, format);
        boolean filled = parameters != null && parameters.length > 0;
        write(filled ? MessageFormat.format(text, parameters) : text, null);
      }
    }

    private static String localized(@Nullable ResourceBundle bundle, @Nullable String key) {
      if (bundle == null || key == null) {
        return String.valueOf(key);
      }
      try {
        return bundle.getString(key);
      } catch (MissingResourceException e) {
        return key;
      }
    }

    private static void write(String text, @Nullable Throwable thrown) {
      PrintStream err = System.err;
      if (thrown == null) {
        err.println("thermocline: " + text);
        return;
      }
      err.println("thermocline: " + text + ": " + thrown);
      if (debug) {
        thrown.printStackTrace(err);
      }
    }
  }
}
