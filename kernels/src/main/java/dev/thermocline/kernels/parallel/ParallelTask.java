package dev.thermocline.kernels.parallel;

/** Work that all workers of a pool do together. */
@FunctionalInterface
public interface ParallelTask {

  /**
   * Does one worker's share.
   *
   * @param worker number of the worker, from 0
   * @param workers number of workers that take part
   */
  void run(int worker, int workers);
}
