package dev.thermocline.engine.api;

/**
 * Follows what an engine does.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ActivityListener {

  /**
   * Something was computed. Called by a thread of the listener's own, which delays no token.
   *
   * @param added since the last call
   */
  void onActivity(Activity added);
}
