package dev.thermocline.bench;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.parallel.WorkerPool;

/** The CPU backend with a pool of its own. */
public final class VectorBackend implements AutoCloseable {
  private final WorkerPool pool;
  private final Kernels kernels;

  /** Opens it with as many workers as the parameter {@code threads} says. */
  public VectorBackend(String threads) {
    this.pool = new WorkerPool(Threads.count(threads));
    this.kernels = Kernels.vector(pool);
  }

  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void close() {
    kernels.close();
    pool.close();
  }
}
