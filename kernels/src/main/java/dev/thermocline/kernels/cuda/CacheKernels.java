package dev.thermocline.kernels.cuda;

/**
 * The kernels of one cache format.
 *
 * @param append stores keys and values
 * @param move moves positions and turns their keys
 * @param attend is attention
 */
record CacheKernels(CudaLaunch append, CudaLaunch move, CudaLaunch attend) {}
