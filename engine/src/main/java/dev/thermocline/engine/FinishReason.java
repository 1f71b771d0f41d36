package dev.thermocline.engine;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its text, or a stop string came up. */
  STOP,
  /** The token limit or the end of the context was reached. */
  LENGTH,
  /** The caller cancelled it. */
  CANCELLED,
  /** The engine failed or was closed; {@link Generation#failure} says how. */
  FAILED
}
