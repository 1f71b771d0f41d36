package dev.thermocline.kernels;

/**
 * Float32 values {@code [tokens][cols]} of a forward pass, in the memory of one backend. Allocated
 * once by {@link Kernels#activations} and reused; the caller that allocated them closes them.
 */
public sealed interface Activations extends AutoCloseable
    permits HostActivations, dev.thermocline.kernels.cuda.CudaActivations {

  /** Most rows that fit. */
  int tokens();

  /** Elements of a row. */
  int cols();

  @Override
  void close();
}
