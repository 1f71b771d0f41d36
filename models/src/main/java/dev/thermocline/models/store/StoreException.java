package dev.thermocline.models.store;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model that could not be found, fetched or removed; the message is one line for the user. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
