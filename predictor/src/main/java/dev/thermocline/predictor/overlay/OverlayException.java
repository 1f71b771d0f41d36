package dev.thermocline.predictor.overlay;

/** An overlay cannot be used; the message is one line that says why. */
public final class OverlayException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why an overlay is refused. */
  public enum Reason {
    /** It is whole, but was made for another model file. */
    STALE,
    /** It is not what an overlay must be. */
    DAMAGED
  }

  /** Characters of a message; a hostile file may hold longer names. */
  private static final int LONGEST = 300;

  private final Reason reason;

  private OverlayException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static OverlayException stale(String expected, String found) {
    return new OverlayException(
        Reason.STALE,
        "stale overlay: it was made for the model with SHA-256 "
            + found
            + ", this model has "
            + expected
            + "; calibrate again");
  }

  /** An overlay that breaks its format at {@code place}. */
  public static OverlayException damaged(String place, String why) {
    String text = ("damaged overlay: " + place + ": " + why).replaceAll("\\p{Cntrl}", "?");
    return new OverlayException(
        Reason.DAMAGED, text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...");
  }

  public Reason reason() {
    return reason;
  }
}
