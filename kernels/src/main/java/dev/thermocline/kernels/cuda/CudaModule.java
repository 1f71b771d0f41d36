package dev.thermocline.kernels.cuda;

/** Kernels compiled for the device. Functions are valid until it is closed. */
public interface CudaModule extends AutoCloseable {

  /**
   * Finds a kernel and checks that it takes these arguments.
   *
   * @param name as in {@code extern "C" __global__ void name(...)}
   * @param arguments in order, as the caller will set them
   * @throws IllegalArgumentException if the PTX has no such kernel or declares other parameters
   */
  CudaFunction function(String name, ArgumentType... arguments);

  @Override
  void close();
}
