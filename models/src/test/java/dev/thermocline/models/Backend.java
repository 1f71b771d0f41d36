package dev.thermocline.models;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.parallel.WorkerPool;

/** The backends that every machine has. */
enum Backend {
  REFERENCE,
  VECTOR;

  /** Kernels together with the threads that they run on. */
  record Open(Kernels kernels, WorkerPool pool) implements AutoCloseable {
    @Override
    public void close() {
      kernels.close();
      pool.close();
    }
  }

  Open open() {
    WorkerPool pool = new WorkerPool(this == VECTOR ? 2 : 1);
    return new Open(this == VECTOR ? Kernels.vector(pool) : Kernels.reference(), pool);
  }
}
