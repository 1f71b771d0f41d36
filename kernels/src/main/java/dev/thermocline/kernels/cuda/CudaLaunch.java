package dev.thermocline.kernels.cuda;

/**
 * A kernel with its block of arguments, set in order: {@code
 * begin().address(a).integer(n).run(...)}. Reused for every launch.
 */
final class CudaLaunch {
  private final CudaFunction function;
  private final LaunchArguments arguments;
  private final int count;
  private final CudaStream stream;
  private int next;

  CudaLaunch(CudaFunction function, LaunchArguments arguments, int count, CudaStream stream) {
    this.function = function;
    this.arguments = arguments;
    this.count = count;
    this.stream = stream;
  }

  CudaLaunch begin() {
    next = 0;
    return this;
  }

  CudaLaunch address(long value) {
    arguments.address(next++, value);
    return this;
  }

  CudaLaunch longer(long value) {
    arguments.longValue(next++, value);
    return this;
  }

  CudaLaunch integer(int value) {
    arguments.intValue(next++, value);
    return this;
  }

  CudaLaunch real(float value) {
    arguments.floatValue(next++, value);
    return this;
  }

  /** Enqueues the launch. */
  void run(int gridX, int gridY, int gridZ, int threads) {
    if (next != count) {
      throw new IllegalStateException(
          function.name() + ": expected " + count + " arguments, got " + next);
    }
    function.launch(arguments, gridX, gridY, gridZ, threads, 0, stream);
  }

  /** Blocks of {@code threads} that cover {@code items}, one thread each. */
  static int blocks(long items, int threads) {
    return Math.toIntExact((items + threads - 1) / threads);
  }
}
