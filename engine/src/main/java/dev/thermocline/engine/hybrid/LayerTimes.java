package dev.thermocline.engine.hybrid;

/**
 * Where the time of a layer went, over the steps that were timed. Host and device work at the same
 * time, so the three are no parts of a whole: a layer takes {@code cpuNanos + waitNanos}.
 *
 * @param tokens computed in these steps, those of prompts included
 * @param cpuNanos the host computing, and telling the device what to do
 * @param gpuNanos the device, from the first to the last thing it was told, gaps included
 * @param waitNanos the host waiting for the device
 */
public record LayerTimes(long tokens, long cpuNanos, long gpuNanos, long waitNanos) {
  private static final double MILLI = 1e-6;

  /** Milliseconds of the host for a token; 0 where none was timed. */
  public double cpuMillis() {
    return perToken(cpuNanos);
  }

  /** Milliseconds of the device for a token; 0 where none was timed. */
  public double gpuMillis() {
    return perToken(gpuNanos);
  }

  /** Milliseconds that the host waited for a token; 0 where none was timed. */
  public double waitMillis() {
    return perToken(waitNanos);
  }

  private double perToken(long nanos) {
    return tokens == 0 ? 0 : nanos * MILLI / tokens;
  }

  /** What was added since an earlier reading. */
  public LayerTimes since(LayerTimes earlier) {
    return new LayerTimes(
        tokens - earlier.tokens,
        cpuNanos - earlier.cpuNanos,
        gpuNanos - earlier.gpuNanos,
        waitNanos - earlier.waitNanos);
  }
}
