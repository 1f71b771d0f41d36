package dev.thermocline.engine.run;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Measured read bandwidth of the CPU: the F32 product, which does one multiply-add per four bytes
 * and so is bound by memory, over more bytes than any cache holds.
 */
public final class Bandwidth {
  private static final int COLS = 4096;
  private static final int ROWS = 16384;
  private static final int ROUNDS = 8;

  private Bandwidth() {}

  /** GB (10^9 bytes) read per second by all workers of a pool, the best of some rounds. */
  public static double measure(WorkerPool pool) {
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Kernels.vector(pool)) {
      MemorySegment data = arena.allocate(4L * ROWS * COLS, 64);
      // Pages must be there: an untouched one is a shared page of zeros, read from the cache.
      data.fill((byte) 0);
      Matrix matrix =
          kernels.matrix(new Tensor("bandwidth", TensorFormats.F32, new Shape(ROWS, COLS), data));
      HostActivations x = new HostActivations(1, COLS);
      HostActivations out = new HostActivations(1, ROWS);
      double best = Double.POSITIVE_INFINITY;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        matrix.multiply(x, 1, out);
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      return matrix.bytes() / best / 1e9;
    }
  }
}
