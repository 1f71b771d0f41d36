package dev.thermocline.engine;

/** A model that this machine cannot hold; the message has the figures. */
public final class InsufficientMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long neededBytes;
  private final long presentBytes;

  public InsufficientMemoryException(String message, long neededBytes, long presentBytes) {
    super(message);
    this.neededBytes = neededBytes;
    this.presentBytes = presentBytes;
  }

  /** What loading would take. */
  public long neededBytes() {
    return neededBytes;
  }

  /** What the machine has. */
  public long presentBytes() {
    return presentBytes;
  }
}
