package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
import dev.thermocline.kernels.host.HostWeights;

/** A parameter vector as floats on the device, padded with zeros like a row of activations. */
final class CudaWeights implements Weights {
  private final int size;
  private final CudaBuffer buffer;

  CudaWeights(CudaSession session, Tensor tensor) {
    float[] values = new HostWeights(tensor).values();
    this.size = values.length;
    this.buffer = session.heap().allocate(4L * DeviceFormat.pitch(size));
    try {
      session.driver().clear(buffer.address(), buffer.bytes(), session.stream());
      session.transfers().upload(values, 0, size, buffer.address());
      session.transfers().synchronize();
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  long address() {
    return buffer.address();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long bytes() {
    return buffer.bytes();
  }

  @Override
  public void close() {
    buffer.close();
  }
}
