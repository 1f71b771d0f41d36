package dev.thermocline.kernels.cuda;

/**
 * How a CUDA backend is set up.
 *
 * @param maxTokens most tokens of a batch, which bounds the scratch memory
 * @param stagingBytes page-locked memory through which data crosses; more is only worth it if
 *     uploads and downloads between two synchronisations exceed it
 * @param int8Activations whether gate and up products with Q8_0 and Q4_0 weights round their input
 *     to blocks of eight-bit integers. Faster, but then the device no longer computes what the CPU
 *     computes to float rounding
 * @param cublas whether full tiles of prompt tokens go through cuBLAS, where it is installed; it
 *     takes some device memory of its own
 */
public record CudaOptions(
    int maxTokens, int stagingBytes, boolean int8Activations, boolean cublas) {
  /** Staging that holds the largest thing usual models move at once, a row of logits. */
  public static final int STAGING_BYTES = 4 << 20;

  public CudaOptions {
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "CUDA options: expected at least one token, got " + maxTokens);
    }
    if (stagingBytes < 4096) {
      throw new IllegalArgumentException(
          "CUDA options: expected at least 4096 bytes of staging, got " + stagingBytes);
    }
  }

  /** Float activations, the usual staging, and cuBLAS where it is installed. */
  public static CudaOptions of(int maxTokens) {
    return new CudaOptions(maxTokens, STAGING_BYTES, false, true);
  }

  /** The same without cuBLAS. */
  CudaOptions withoutCublas() {
    return new CudaOptions(maxTokens, stagingBytes, int8Activations, false);
  }
}
