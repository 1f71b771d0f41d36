package dev.thermocline.kernels.cuda;

/**
 * Captured work, launched as a whole. Arguments, addresses and grid sizes are those of the capture.
 */
public interface CudaGraph extends AutoCloseable {

  /** Enqueues the captured work. */
  void launch(CudaStream stream);

  @Override
  void close();
}
