package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KernelsConformanceTest;
import dev.thermocline.kernels.parallel.WorkerPool;

final class VectorKernelsTest extends KernelsConformanceTest {
  private final WorkerPool pool = new WorkerPool(2);

  @Override
  protected Kernels open() {
    return Kernels.vector(pool);
  }

  @Override
  protected void closed() {
    pool.close();
  }
}
