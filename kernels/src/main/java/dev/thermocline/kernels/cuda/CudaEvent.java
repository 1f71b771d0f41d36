package dev.thermocline.kernels.cuda;

/** A mark in a stream, set by {@link CudaStream#record}. One never recorded counts as done. */
public interface CudaEvent extends AutoCloseable {

  /** Whether the stream has passed the mark. */
  boolean isDone();

  /** Waits until the stream has passed the mark. */
  void synchronize();

  @Override
  void close();
}
