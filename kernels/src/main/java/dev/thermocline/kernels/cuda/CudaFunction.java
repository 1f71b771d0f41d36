package dev.thermocline.kernels.cuda;

/** A kernel ready to be launched. Closed with its module. */
public interface CudaFunction {

  /** Its name in the PTX. */
  String name();

  /** A new block of arguments for this function. The caller closes it. */
  LaunchArguments arguments();

  /**
   * Allows launches with more dynamic shared memory than the usual 48 KiB.
   *
   * @param bytes at most {@link CudaDevice#maxSharedBytes}
   */
  void allowSharedBytes(int bytes);

  /**
   * Enqueues a launch. The arguments are copied before it returns, so the block may be changed for
   * the next launch at once.
   *
   * @param arguments from {@link #arguments} of this function
   * @param gridX blocks, at least 1; y and z at most 65535
   * @param threads threads of a block, 1 to 1024
   * @param sharedBytes dynamic shared memory of a block
   */
  void launch(
      LaunchArguments arguments,
      int gridX,
      int gridY,
      int gridZ,
      int threads,
      int sharedBytes,
      CudaStream stream);

  /** A launch on a one-dimensional grid without dynamic shared memory. */
  default void launch(LaunchArguments arguments, int gridX, int threads, CudaStream stream) {
    launch(arguments, gridX, 1, 1, threads, 0, stream);
  }
}
