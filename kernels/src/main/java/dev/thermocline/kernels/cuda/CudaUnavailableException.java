package dev.thermocline.kernels.cuda;

import java.io.Serial;

/** There is no device to open; the message says why in one line. */
public final class CudaUnavailableException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  public CudaUnavailableException(CudaStatus status) {
    super(status.reason());
  }
}
