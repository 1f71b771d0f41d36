package dev.thermocline.kernels.cuda;

/**
 * Rows of a weight in device memory, quants and scales apart, as {@code chunks.cuh} describes. Part
 * of somebody's buffer.
 *
 * @param kernels of the format
 * @param rows how many
 * @param cols elements of a row, without the padding
 * @param data address of the quants
 * @param scales address of the scales, or null's for formats without
 */
record DeviceRows(FormatKernels kernels, int rows, int cols, long data, long scales) {
  private static final int WARPS = 4;

  /** Tokens and rows of a warp of the batched product, as {@code matrix.cuh} has them. */
  private static final int BATCH_TOKENS = 8;

  private static final int BATCH_ROWS = 4;

  int chunks() {
    return DeviceFormat.chunks(cols);
  }

  /**
   * Enqueues {@code out[t][r] = row r . x[t]} for {@code count} tokens.
   *
   * @param out address of floats, those of a token {@code outPitch} apart
   */
  void multiplyBatch(CudaActivations x, int first, int count, long out, int outPitch) {
    kernels
        .multiplyBatch()
        .begin()
        .address(data)
        .address(scales)
        .address(x.address(first))
        .integer(x.pitch())
        .address(out)
        .integer(outPitch)
        .integer(rows)
        .integer(chunks())
        .integer(count)
        .run(
            CudaLaunch.blocks(rows, WARPS * BATCH_ROWS),
            CudaLaunch.blocks(count, BATCH_TOKENS),
            1,
            32 * WARPS);
  }
}
