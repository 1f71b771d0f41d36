package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.parallel.LoneCounter;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;

/**
 * Items 0 to n - 1 handed out in chunks to whichever worker is free, so that a worker that the
 * system holds up delays the others by one chunk at most. What is computed for an item does not
 * depend on who computes it. One object per use, made once; a run allocates nothing.
 */
abstract class ChunkedTask implements ParallelTask {
  /** Chunks per worker, few enough that taking one costs nothing beside its work. */
  private static final int CHUNKS_PER_WORKER = 8;

  private final LoneCounter next = new LoneCounter();
  private int items;
  private int chunk;

  /**
   * Does items 0 to {@code count - 1} on all workers.
   *
   * @param granule chunks are multiples of this many items
   */
  final void runAll(WorkerPool pool, int count, int granule) {
    int wanted = count / (CHUNKS_PER_WORKER * pool.threads());
    items = count;
    chunk = Math.max(granule, wanted / granule * granule);
    next.set(0);
    pool.run(this);
  }

  @Override
  public final void run(int worker, int workers) {
    for (int from = next.add(chunk); from < items; from = next.add(chunk)) {
      items(from, Math.min(from + chunk, items), worker);
    }
  }

  /** Items of a chunk, for subclasses that keep results per chunk. */
  final int chunk() {
    return chunk;
  }

  /** Does items {@code from} to {@code to - 1}. */
  abstract void items(int from, int to, int worker);
}
