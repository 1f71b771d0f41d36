package dev.thermocline.predictor.placement;

/**
 * What was measured on this machine.
 *
 * @param cpuReadGBps bandwidth at which the CPU's kernels read weights, in 10^9 bytes a second
 * @param gpuReadGBps the same of the GPU
 * @param syncMicros time that one layer loses by sharing its work between both devices
 * @param transferGBps bandwidth between host and device
 */
public record MachineProfile(
    double cpuReadGBps, double gpuReadGBps, double syncMicros, double transferGBps) {
  public MachineProfile {
    positive("CPU read bandwidth", cpuReadGBps);
    positive("GPU read bandwidth", gpuReadGBps);
    positive("transfer bandwidth", transferGBps);
    if (!(syncMicros >= 0 && syncMicros < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "machine profile: expected a synchronisation cost of at least 0 us, got " + syncMicros);
    }
  }

  private static void positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "machine profile: expected a positive " + what + ", got " + value + " GB/s");
    }
  }

  /** Microseconds saved by reading {@code bytes} on the GPU instead of the CPU. */
  public double microsSaved(double bytes) {
    return bytes / 1e3 * (1 / cpuReadGBps - 1 / gpuReadGBps);
  }
}
