package dev.thermocline.kernels.cuda;

/**
 * What the probe found.
 *
 * @param state whether a device can be opened
 * @param driverVersion CUDA version of the driver, 1000 * major + 10 * minor, or 0 without driver
 * @param reason one line for people
 */
public record CudaStatus(State state, int driverVersion, String reason) {

  /** The cases that a user can do something about. */
  public enum State {
    READY,
    NO_DRIVER,
    NO_DEVICE,
    DRIVER_TOO_OLD
  }

  /** Whether a device can be opened. */
  public boolean ready() {
    return state == State.READY;
  }
}
