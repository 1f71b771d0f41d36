package dev.thermocline.kernels.cuda;

/** A queue of the device: what is enqueued runs in order. Used by one thread at a time. */
public interface CudaStream extends AutoCloseable {

  /** Waits until everything enqueued has run; reports failures of kernels launched earlier. */
  void synchronize();

  /** Whether everything enqueued has run. */
  boolean isIdle();

  /** Enqueues a mark: {@code event} is done when the work enqueued before has run. */
  void record(CudaEvent event);

  /** Makes what is enqueued from now on wait for {@code event}; the host does not wait. */
  void waitFor(CudaEvent event);

  /**
   * Starts recording what this thread enqueues here instead of running it. Between this and {@link
   * #endCapture} nothing may synchronise, and the thread may not allocate.
   */
  void beginCapture();

  /** Ends the recording and prepares it for launching. The caller closes the graph. */
  CudaGraph endCapture();

  @Override
  void close();
}
