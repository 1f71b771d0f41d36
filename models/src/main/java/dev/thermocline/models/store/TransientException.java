package dev.thermocline.models.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A failure that may pass by itself: a broken connection, a busy server. */
final class TransientException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Duration delay;

  TransientException(String message, @Nullable Throwable cause) {
    this(message, cause, Duration.ZERO);
  }

  /**
   * A failure with a hint.
   *
   * @param delay how long the server asked to be left alone
   */
  TransientException(String message, @Nullable Throwable cause, Duration delay) {
    super(message, cause);
    this.delay = delay;
  }

  Duration delay() {
    return delay;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
