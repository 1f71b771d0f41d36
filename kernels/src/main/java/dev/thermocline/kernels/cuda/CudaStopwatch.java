package dev.thermocline.kernels.cuda;

/**
 * Times stretches of what a backend enqueues, by marks in its stream: nobody waits for them, and
 * they are read once the backend has been waited for anyway. Used by the backend's thread.
 */
public final class CudaStopwatch implements AutoCloseable {
  private final CudaStream stream;
  private final CudaEvent[] starts;
  private final CudaEvent[] ends;

  CudaStopwatch(CudaSession session, int stretches) {
    stream = session.stream();
    starts = new CudaEvent[stretches];
    ends = new CudaEvent[stretches];
    try {
      for (int i = 0; i < stretches; i++) {
        starts[i] = session.driver().timedEvent();
        ends[i] = session.driver().timedEvent();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Stretches that it can hold. */
  public int stretches() {
    return starts.length;
  }

  /** What is enqueued from now on belongs to a stretch. */
  public void begin(int stretch) {
    stream.record(starts[stretch]);
  }

  /** Ends a stretch that began. */
  public void end(int stretch) {
    stream.record(ends[stretch]);
  }

  /**
   * How long the device took for a stretch, gaps in it included, in nanoseconds. The backend must
   * have been waited for since the end of the stretch.
   */
  public long nanos(int stretch) {
    return ends[stretch].nanosSince(starts[stretch]);
  }

  @Override
  public void close() {
    for (int i = 0; i < starts.length; i++) {
      close(starts[i]);
      close(ends[i]);
    }
  }

  /** Null where making them failed half-way. */
  private static void close(@org.jspecify.annotations.Nullable CudaEvent event) {
    if (event != null) {
      event.close();
    }
  }
}
