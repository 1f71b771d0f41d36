package dev.thermocline.kernels.cuda;

/** A mark in a stream, set by {@link CudaStream#record}. One never recorded counts as done. */
public interface CudaEvent extends AutoCloseable {

  /** Whether the stream has passed the mark. */
  boolean isDone();

  /** Waits until the stream has passed the mark. */
  void synchronize();

  /**
   * Time of the device from another mark to this one, in nanoseconds; waits for nothing.
   *
   * @param earlier passed already, as this one, and both from {@link CudaDriver#timedEvent}
   */
  long nanosSince(CudaEvent earlier);

  @Override
  void close();
}
