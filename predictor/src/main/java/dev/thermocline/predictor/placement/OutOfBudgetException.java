package dev.thermocline.predictor.placement;

/** Something that must be on the device does not fit into the memory budget. */
public final class OutOfBudgetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long neededBytes;
  private final long remainingBytes;

  /**
   * Describes what did not fit.
   *
   * @param what needs the memory
   */
  public OutOfBudgetException(String what, long neededBytes, long usedBytes, long capacityBytes) {
    super(
        what
            + ": needs "
            + neededBytes
            + " bytes of device memory, "
            + (capacityBytes - usedBytes)
            + " of "
            + capacityBytes
            + " are left");
    this.neededBytes = neededBytes;
    this.remainingBytes = capacityBytes - usedBytes;
  }

  public long neededBytes() {
    return neededBytes;
  }

  public long remainingBytes() {
    return remainingBytes;
  }
}
