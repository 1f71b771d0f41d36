package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Activations;

/**
 * Activations in the memory of a CUDA device. Rows are padded to a multiple of 32 elements; the
 * padding is zero, and every kernel leaves it so.
 */
public final class CudaActivations implements Activations {
  private final int tokens;
  private final int cols;
  private final CudaBuffer buffer;

  CudaActivations(CudaSession session, int tokens, int cols) {
    if (tokens < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "activations: expected positive dimensions, got [" + tokens + "][" + cols + "]");
    }
    this.tokens = tokens;
    this.cols = cols;
    this.buffer = session.heap().allocate(tokens * rowBytes());
    try {
      session.driver().clear(buffer.address(), buffer.bytes(), session.stream());
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public int cols() {
    return cols;
  }

  /** Elements from one row to the next. */
  int pitch() {
    return DeviceFormat.pitch(cols);
  }

  long rowBytes() {
    return 4L * pitch();
  }

  long address() {
    return buffer.address();
  }

  /** Address of a row. */
  long address(int token) {
    return buffer.address() + token * rowBytes();
  }

  @Override
  public void close() {
    buffer.close();
  }
}
