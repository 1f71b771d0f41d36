package dev.thermocline.engine;

import java.io.IOException;

/** A stored cache that cannot be used; the message says why, in one line. */
public final class PromptCacheException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean foreign;

  /**
   * Says why.
   *
   * @param foreign whether the file is no stored cache at all
   */
  public PromptCacheException(String message, boolean foreign) {
    super(message);
    this.foreign = foreign;
  }

  /** Whether the file is no stored cache at all, so that nobody should write over it. */
  public boolean isForeign() {
    return foreign;
  }
}
