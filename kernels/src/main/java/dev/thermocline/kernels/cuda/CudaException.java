package dev.thermocline.kernels.cuda;

import java.io.Serial;

/** A call to the driver or one of NVIDIA's libraries failed. */
public final class CudaException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private static final String OUT_OF_MEMORY = "CUDA_ERROR_OUT_OF_MEMORY";

  private final String call;
  private final String error;
  private final long bytesAsked;
  private final long bytesFree;

  /** A failure that has nothing to do with an amount of memory. */
  public CudaException(String call, String error) {
    this(call, error, -1, -1);
  }

  /**
   * A failure to get memory.
   *
   * @param call the driver function, and its subject where there is one
   * @param error the driver's name of the error
   * @param bytesAsked how much was wanted, or -1
   * @param bytesFree how much the device had free afterwards, or -1 if that is not known
   */
  public CudaException(String call, String error, long bytesAsked, long bytesFree) {
    super(message(call, error, bytesAsked, bytesFree));
    this.call = call;
    this.error = error;
    this.bytesAsked = bytesAsked;
    this.bytesFree = bytesFree;
  }

  private static String message(String call, String error, long asked, long free) {
    String amount = asked < 0 ? "" : ", asked for " + asked + " bytes";
    String rest = free < 0 ? "" : ", the device has " + free + " free";
    return call + " failed: " + error + amount + rest;
  }

  /** The driver function that failed. */
  public String call() {
    return call;
  }

  /** The driver's name of the error, such as {@code CUDA_ERROR_LAUNCH_FAILED}. */
  public String error() {
    return error;
  }

  /** Bytes asked for, or -1 where the call asks for none. */
  public long bytesAsked() {
    return bytesAsked;
  }

  /** Bytes the device had free after the failure, or -1 if not known. */
  public long bytesFree() {
    return bytesFree;
  }

  /** Whether less memory would have helped; any other failure means the device is not usable. */
  public boolean outOfMemory() {
    return error.equals(OUT_OF_MEMORY);
  }
}
