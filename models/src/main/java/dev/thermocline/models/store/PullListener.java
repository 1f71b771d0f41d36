package dev.thermocline.models.store;

/** Follows a pull. Called by the pulling thread. */
public interface PullListener {
  /** Hears nothing. */
  PullListener NONE = new PullListener() {};

  /**
   * A file begins.
   *
   * @param file its path in the repository
   * @param number of this file, from 1
   * @param count of files
   * @param bytes of this file; -1 if unknown
   */
  default void begins(String file, int number, int count, long bytes) {}

  /**
   * A part of a file is here; it gets smaller when a transfer starts anew.
   *
   * @param part bytes so far
   * @param whole bytes of the file; -1 if unknown
   */
  default void progress(long part, long whole) {}

  /**
   * A file is complete.
   *
   * @param sha256 of its content, told by the server and verified, or computed here; empty for a
   *     file that was there already and of which the server tells none
   * @param fetched whether it was transferred just now
   */
  default void ends(String file, String sha256, boolean fetched) {}

  /** Something went wrong and is tried again. */
  default void retries(String reason) {}
}
