package dev.thermocline.engine.run;

/**
 * Provides the runner of the moment: with the GPU, or, after a fault, without. Used by the decode
 * thread.
 */
public interface RunnerSource extends AutoCloseable {

  /** The runner in use. */
  ModelRunner runner();

  /**
   * Replaces the runner after a failure, if that can help: after a device fault by one that does
   * without the device.
   *
   * @return whether the work should be tried again, with all caches empty
   */
  boolean fallBack(RuntimeException failure);

  /** What the sparse and split layers computed since the runner in use was loaded. */
  LayerStatistics statistics();

  @Override
  void close();
}
