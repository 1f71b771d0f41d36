package dev.thermocline.engine.run;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.placement.MachineProfile;
import java.lang.foreign.Arena;

/** Measures what the placement solver must know of the machine at hand; takes about a second. */
public final class MachineMeasurement {
  private static final int COLS = 1024;
  private static final int ROWS = 16384;
  private static final int ROUNDS = 5;

  /** Device memory below which there is nothing to measure. */
  static final long LEAST_BYTES = 1 << 16;

  private MachineMeasurement() {}

  /**
   * Bandwidths of both devices, and what handing a layer's work over and back costs.
   *
   * @param most bytes of device memory that this may take; with few of them the rate is that of
   *     short products, which is what as few neurons would get
   */
  public static MachineProfile measure(WorkerPool pool, Kernels gpu, long most) {
    int rows = Math.clamp(most / (4L * (COLS + 2)) - 1, 1, ROWS);
    try (Arena arena = Arena.ofConfined()) {
      Tensor tensor =
          new Tensor(
              "bandwidth",
              TensorFormats.F32,
              new Shape(rows, COLS),
              arena.allocate(4L * rows * COLS, 64));
      try (Matrix matrix = gpu.matrix(tensor);
          Activations x = gpu.activations(1, COLS);
          Activations out = gpu.activations(1, rows)) {
        HostActivations host = new HostActivations(1, COLS);
        double handOver = best(() -> exchange(gpu, host, x));
        double product =
            best(() -> {
              matrix.multiply(x, 1, out);
              gpu.synchronize();
            });
        double gpuRate = matrix.bytes() / Math.max(1e-9, product) / 1e9;
        double transferRate = 2 * 4.0 * COLS / handOver / 1e9;
        return new MachineProfile(Bandwidth.measure(pool), gpuRate, handOver * 1e6, transferRate);
      }
    }
  }

  private static void exchange(Kernels gpu, HostActivations host, Activations device) {
    gpu.upload(host, 1, device);
    gpu.download(device, 1, host);
    gpu.synchronize();
  }

  private static double best(Runnable work) {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }
}
